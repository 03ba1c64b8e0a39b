import { FloeError, type Violation } from '@floe/errors';
import { expect, test } from 'vitest';
import { checkProgram, parametersOf } from './check-program.ts';
import type { DataType, Schema } from './data-type.ts';
import { formatDataType } from './format-data-type.ts';
import { parseProgram } from './parse-program.ts';

const column = (name: string, type: DataType) => ({ name, type });
const STRING = { kind: 'string' } as const;
const flights: Schema = [
  column('date', { kind: 'datetime', unit: 'us', timezone: null }),
  column('delay', { kind: 'int32' }),
  column('distance', { kind: 'int32' }),
  column('origin', STRING),
  column('destination', STRING),
];
const airports: Schema = ['iata', 'name', 'city', 'state'].map((name) => column(name, STRING));
const inputs = { flights, airports };
const parameters = { minutes: { kind: 'int64' }, since: { kind: 'date' } } as const;

const LATE = `late = flights.filter(pl.col("delay") > \${{ params.minutes }})
late.group_by("origin").agg(
    pl.len().alias("late_flights"),
    pl.col("delay").mean().round(1).alias("mean_delay"),
    pl.col("delay").max().alias("worst_delay"),
).join(airports.select("iata", pl.col("name").alias("airport"), "city", "state"), left_on="origin", right_on="iata", how="left").sort("late_flights", descending=True)
`;

function schemaOf(text: string): Readonly<Record<string, string>> {
  const program = parseProgram(text, { inputs: Object.keys(inputs) });
  const schema = checkProgram(program, { inputs, parameters });
  return Object.fromEntries(schema.map(({ name, type }) => [name, formatDataType(type)]));
}

function violationsOf(text: string): readonly Violation[] {
  try {
    schemaOf(text);
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code === 'EXPRESSION_INVALID')
      return thrown.violations;
    throw thrown;
  }
  return [];
}

test('schemas flow through filters, groups and joins', () => {
  expect(schemaOf(LATE)).toEqual({
    origin: 'String',
    late_flights: 'UInt32',
    mean_delay: 'Float64',
    worst_delay: 'Int32',
    airport: 'String',
    city: 'String',
    state: 'String',
  });
  expect(parametersOf(parseProgram(LATE, { inputs: ['flights', 'airports'] }))).toEqual([
    'minutes',
  ]);
});

test('an unknown column is reported with its place, the nearest name and the columns there', () => {
  const [violation] = violationsOf(
    'late = flights.drop("date")\nlate.select(\n    "origin", pl.col("dealy"))',
  );
  expect(violation?.message).toBe('there is no column "dealy"');
  expect(violation?.hint).toBe(
    'did you mean "delay"? the columns here are delay, distance, origin, destination',
  );
  expect(violation?.place).toEqual({ line: 3, column: 22, length: 7 });
});

test('one wrong column does not make every later use of its result wrong', () => {
  const violations = violationsOf(
    'a = flights.select(x=pl.col("nope"))\na.filter(pl.col("x") > 1)',
  );
  expect(violations).toHaveLength(1);
});

test.each([
  ['flights.filter(pl.col("origin") > 1)', /cannot combine String and Int32/],
  ['flights.filter(pl.col("date") == "2024-01-01")', /cannot combine Datetime/],
  ['flights.filter(pl.col("delay"))', /a filter needs a Boolean, this is Int32/],
  ['flights.select(pl.col("delay").str.to_uppercase())', /needs a String column, not Int32/],
  ['flights.select("delay", pl.col("distance").alias("delay"))', /"delay" comes twice/],
  ['flights.rename({"delay": "origin"})', /"origin" comes twice/],
  ['flights.join(airports, left_on="delay", right_on="iata")', /different types: Int32 and String/],
  ['flights.fill_null()', /needs a value or a strategy/],
  ['flights.select(pl.col("delay").fill_null())', /needs a value or a strategy/],
  ['flights.sort("delay", "origin", "date", descending=[True, False])', /2 members for 3 keys/],
  ['flights.join(airports, left_on="origin")', /needs its keys/],
  ['pl.concat([flights, airports])', /different columns/],
  ['flights.filter(pl.col("delay") > ${{ params.minuts }})', /no parameter "minuts"/],
  ['flights.select(pl.all() + pl.col("delay", "distance"))', /different numbers of columns/],
])('refuses %s', (text, message) => {
  expect(violationsOf(text)[0]?.message).toMatch(message);
});

test('an integer parameter takes the type of the column that it meets', () => {
  expect(schemaOf('flights.select(pl.col("delay") + ${{ params.minutes }})')).toEqual({
    delay: 'Int32',
  });
  expect(schemaOf('flights.select(x=${{ params.minutes }})')).toEqual({ x: 'Unknown' });
});

test('columns of unknown type are accepted everywhere', () => {
  const text =
    't.filter(pl.col("x")).select(pl.col("x").str.len_chars() + 1, y=pl.col("x").dt.year() > pl.col("x"))';
  const program = parseProgram(text, { inputs: ['t'] });
  const schema = checkProgram(program, { inputs: { t: [column('x', { kind: 'unknown' })] } });
  expect(schema.map(({ name }) => name)).toEqual(['x', 'y']);
});

test('names that objects have by themselves are plain names', () => {
  const text = '__proto__.select("constructor", toString=pl.col("__proto__"))';
  const program = parseProgram(text, { inputs: ['__proto__'] });
  const schema = [column('constructor', STRING), column('__proto__', STRING)];
  const own = Object.fromEntries([['__proto__', schema]]);
  expect(checkProgram(program, { inputs: own }).map(({ name }) => name)).toEqual([
    'constructor',
    'toString',
  ]);
  expect(() => checkProgram(program, { inputs: {} })).toThrow(/schema of the input/);
});
