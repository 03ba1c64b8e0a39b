import { expect, test } from 'vitest';
import { polars, rowCount, sql, workflow } from '../src/builder/index.ts';

/** What a program writes; with it the compiler has to refuse what is wrong. */
function lateFlights() {
  const late = workflow('late', { description: 'Late flights.', defaults: { timeout: '10m' } });
  const since = late.parameter('since', 'date', { default: '2001-01-01' });
  const minutes = late.parameter('minutes', 'integer', { default: 15 });
  const flights = late.extract('flights', {
    connection: 'source',
    columns: { date: 'Date', delay: 'Int32', origin: 'String' },
    query: sql`select date, delay, origin from public.flights where date >= ${since}`,
  });
  const airports = late.extract('airports', {
    connection: 'source',
    columns: { iata: 'String', name: 'String' },
    query: sql`select iata, name from public.airports`,
  });
  return { late, since, minutes, flights, airports };
}

test('writes the document that a person would write', () => {
  const { late, minutes, flights, airports } = lateFlights();
  const ranking = late.transform(
    'ranking',
    flights
      .filter((row) => row.delay.gt(minutes).and(row.origin.ne('XXX')))
      .groupBy('origin')
      .agg((row) => ({ flights: rowCount(), mean: row.delay.mean().round(1) }))
      .joinOn(airports, { left: 'origin', right: 'iata', how: 'left' })
      .sort('flights', { descending: true }),
    { description: 'The worst airports.' },
  );
  const store = late.load('store', ranking, {
    connection: 'warehouse',
    table: 'analytics.late',
    mode: 'upsert',
    key: ['origin'],
    create: true,
  });
  late.task('done', { type: 'noop' }, { needs: [store] });
  late.schedule({ name: 'nightly', cron: '0 2 * * *', paused: true });
  expect(late.toDocument()).toEqual({
    name: 'late',
    description: 'Late flights.',
    defaults: { timeout: '10m' },
    params: {
      since: { type: 'date', default: '2001-01-01' },
      minutes: { type: 'integer', default: 15 },
    },
    tasks: {
      flights: {
        type: 'postgres_extract',
        connection: 'source',
        query: 'select date, delay, origin from public.flights where date >= ${{ params.since }}',
        contract: { date: 'Date', delay: 'Int32', origin: 'String' },
      },
      airports: {
        type: 'postgres_extract',
        connection: 'source',
        query: 'select iata, name from public.airports',
        contract: { iata: 'String', name: 'String' },
      },
      ranking: {
        type: 'expression_transform',
        description: 'The worst airports.',
        inputs: ['flights', 'airports'],
        polars:
          'flights.filter(((pl.col("delay") > ${{ params.minutes }}) & (pl.col("origin") != "XXX")))' +
          '.group_by("origin").agg(pl.len().alias("flights"), pl.col("delay").mean().round(1).alias("mean"))' +
          '.join(airports, left_on="origin", right_on="iata", how="left").sort("flights", descending=True)',
      },
      store: {
        type: 'postgres_load',
        inputs: ['ranking'],
        connection: 'warehouse',
        table: 'analytics.late',
        mode: 'upsert',
        key: ['origin'],
        create: true,
      },
      done: { type: 'noop', needs: ['store'] },
    },
    schedules: [{ name: 'nightly', cron: '0 2 * * *', paused: true }],
  });
  expect(ranking.columns).toEqual({
    origin: 'String',
    flights: 'UInt32',
    mean: 'Float64',
    name: 'String',
  });
});

/** The compiler says of each whether it is wrong; nothing of it is run. */
function refused() {
  const { late, since, flights, airports } = lateFlights();
  // @ts-expect-error -- no such column
  flights.filter((row) => row.dealy.gt(1));
  // @ts-expect-error -- a text is no number
  flights.filter((row) => row.delay.gt('1'));
  // @ts-expect-error -- a date parameter beside a number
  flights.filter((row) => row.delay.gt(since));
  // @ts-expect-error -- a number is no condition
  flights.filter((row) => row.delay);
  // @ts-expect-error -- texts have no sum
  flights.groupBy('origin').agg((row) => ({ sum: row.origin.sum() }));
  // @ts-expect-error -- a value of each row is no aggregate
  flights.groupBy('origin').agg((row) => ({ delay: row.delay }));
  // @ts-expect-error -- and an aggregate no value of each row
  flights.withColumns((row) => ({ mean: row.delay.mean() }));
  // @ts-expect-error -- a column that select has left out
  flights.select('origin').sort('delay');
  // @ts-expect-error -- a column that drop has taken
  flights.drop('delay').groupBy('delay');
  // @ts-expect-error -- the old name of a renamed column
  flights.rename({ delay: 'minutes' }).select('delay');
  // @ts-expect-error -- a key that one of both does not have
  flights.join(airports, { on: ['origin'] });
  // @ts-expect-error -- different types without a cast
  flights.filter((row) => row.delay.eq(row.origin));
  const rows = late.transform(
    'rows',
    flights.groupBy('origin').agg(() => ({ n: rowCount() })),
  );
  // @ts-expect-error -- the key is no column of the rows
  late.load('a', rows, { connection: 'c', table: 't', mode: 'upsert', key: ['delay'] });
  // @ts-expect-error -- an upsert without a key
  late.load('b', rows, { connection: 'c', table: 't', mode: 'upsert' });
  // @ts-expect-error -- only parameters go into a statement
  void sql`select ${'1; drop table flights'}`;
  // @ts-expect-error -- no type of a column
  late.extract('x', { connection: 'c', columns: { a: 'Integer' }, query: sql`select 1 as a` });
}

test('is refused by the compiler where it is wrong', () => {
  expect(refused).toBeTypeOf('function');
});

test('follows columns through every step, for the compiler and when it runs', () => {
  const { flights, airports } = lateFlights();
  const made = flights
    .withColumns((row) => ({
      half: row.delay.dividedBy(2),
      year: row.date.year(),
      code: row.origin.lower().trim(),
      long: row.delay.cast('Int64').times(60),
      odd: polars('Boolean', 'pl.col("delay") % 2 == 1'),
    }))
    .rename({ origin: 'iata' })
    .join(
      airports.withColumns((row) => ({ code: row.name.upper() })),
      { on: ['iata'] },
    )
    .drop('date');
  const columns: {
    readonly delay: 'Int32';
    readonly iata: 'String';
    readonly half: 'Float64';
    readonly year: 'Int32';
    readonly code: 'String';
    readonly long: 'Int64';
    readonly odd: 'Boolean';
    readonly name: 'String';
    readonly code_right: 'String';
  } = made.columns;
  expect(Object.keys(columns).join()).toBe('delay,iata,half,year,code,long,odd,name,code_right');
  expect(made.selectMade((row) => ({ both: row.code.eq(row.code_right) })).columns).toEqual({
    both: 'Boolean',
  });
});

test('writes values as Python reads them', () => {
  const { flights } = lateFlights();
  const texts = [
    flights.filter((row) => row.origin.eq('a"b\\c\n')),
    flights.filter((row) => row.origin.contains('.*').not()),
    flights.filter((row) => row.delay.cast('Float64').lt(0.5)),
    flights.unique('origin').head(3),
  ].map(({ text }) => text);
  expect(texts).toEqual([
    String.raw`flights.filter((pl.col("origin") == "a\"b\\c\n"))`,
    'flights.filter((~pl.col("origin").str.contains(".*", literal=True)))',
    'flights.filter((pl.col("delay").cast(pl.Float64) < 0.5))',
    'flights.unique(subset=["origin"]).head(3)',
  ]);
  expect(() => flights.filter((row) => row.delay.gt(1.5))).toThrow(/cast the Int32/);
});

test('refuses a name that is taken', () => {
  const { late } = lateFlights();
  expect(() => late.task('flights', { type: 'noop' })).toThrow(/a task flights already/);
  expect(() => late.parameter('since', 'date')).toThrow(/a parameter since already/);
});

test('writes requests with values where a run brings them', () => {
  const calls = workflow('calls');
  const id = calls.parameter('id', 'integer');
  const orders = calls.httpRows('orders', {
    connection: 'crm',
    url: `/customers/${id.reference}/orders`,
    query: { since: '2024-01-01', id },
    format: 'json',
    rows: 'data.items',
    columns: { id: 'Int64', total: 'Float64' },
    retries: { max: 3 },
  });
  const large = calls.transform(
    'large',
    orders.filter((row) => row.total.gt(100)),
  );
  calls.http('tell', {
    method: 'POST',
    url: 'https://hooks.example.com/x',
    json: { id, tags: ['a', id] },
    needs: [large],
  });
  expect(calls.toDocument().tasks).toMatchObject({
    orders: {
      type: 'http',
      url: '/customers/${{ params.id }}/orders',
      query: { since: '2024-01-01', id: '${{ params.id }}' },
      columns: [{ id: 'Int64' }, { total: 'Float64' }],
      retries: { max: 3 },
    },
    tell: { json: { id: '${{ params.id }}', tags: ['a', '${{ params.id }}'] }, needs: ['large'] },
  });
});
