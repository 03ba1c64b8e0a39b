/** The main job as a newcomer sees it, on fewer rows, held against the same query in SQL. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const ROWS = 200_000;

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe();
});

afterAll(() => floe?.[Symbol.asyncDispose]());

function demo() {
  return floe.floe(['demo', '--exit', '--limit-rows', String(ROWS)]);
}

// What examples/late-flights.yaml says, in SQL. Polars rounds the double that the mean is, half to even, as PostgreSQL
// rounds a float8 (and not a numeric).
const LATE_FLIGHTS = `
  select f.origin, a.name, a.city, a.state, count(*) as late_flights,
         round(avg(f.delay::float8) * 10) / 10 as mean_delay, max(f.delay) as worst_delay
  from public.flights f left join public.airports a on a.iata = f.origin
  where f.date >= date '2001-01-01' and f.delay > 15
  group by f.origin, a.name, a.city, a.state`;

const LATE_ROUTES = `
  select origin, destination, count(*) as late_flights,
         round(avg(delay::float8) * 10) / 10 as mean_delay, max(distance) as distance
  from public.flights
  where date >= date '2001-01-01' and delay > 15
  group by origin, destination`;

test('fills both tables with what the same query in SQL gives', async () => {
  const { code, stdout, stderr } = await demo();
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('public.flights: 200,000 rows, loaded');
  expect(stdout).toContain('late flights');
  expect(stdout).toMatch(/peak memory/);
  expect(stdout).toMatch(/succeeded in/);

  const [count] = await floe.sql<{ rows: number }>(
    'select count(*)::int as rows from public.flights',
  );
  expect(count!.rows).toBe(ROWS);
  await expectSame(LATE_FLIGHTS, 'analytics.late_flights');
  await expectSame(LATE_ROUTES, 'analytics.late_routes');
});

test('gives the same content again, and does not load the flights a second time', async () => {
  const before = await contents();
  const { code, stderr } = await demo();
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('public.flights: 200,000 rows, there already');
  expect(await contents()).toEqual(before);
  await expectSame(LATE_FLIGHTS, 'analytics.late_flights');
});

test('tells a program the same run as one document', async () => {
  const { code, stdout } = await floe.floe([
    'run',
    'late-flights',
    '--json',
    '--param',
    'minutes=60',
  ]);
  expect(code).toBe(0);
  const [late] = await floe.sql<{ count: number }>(
    'select count(*)::int as count from public.flights where delay > 60',
  );
  // The filter of the transform has moved into the extract.
  expect(JSON.parse(stdout)).toMatchObject({
    run: { state: 'RUN_STATE_SUCCEEDED', parameters: { minutes: 60 } },
    rowsExtracted: String(late!.count + (await airportCount())),
  });
});

/** Rows of the table that the query does not give, and the other way round: none. */
async function expectSame(query: string, table: string): Promise<void> {
  const [rows] = await floe.sql<{ missing: number; extra: number; total: number }>(
    `with expected as (${query})
     select (select count(*)::int from (table expected except all table ${table}) m) as missing,
            (select count(*)::int from (table ${table} except all table expected) e) as extra,
            (select count(*)::int from ${table}) as total`,
  );
  expect(rows).toMatchObject({ missing: 0, extra: 0 });
  expect(rows!.total).toBeGreaterThan(100);
}

async function contents(): Promise<unknown[]> {
  return [
    await floe.sql('select * from analytics.late_flights order by origin'),
    await floe.sql('select * from analytics.late_routes order by origin, destination'),
  ];
}

async function airportCount(): Promise<number> {
  const [row] = await floe.sql<{ rows: number }>(
    'select count(*)::int as rows from public.airports',
  );
  return row!.rows;
}
