import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { checkProgram } from '../check-program.ts';
import { columnLineage } from '../column-lineage.ts';
import type { Schema } from '../data-type.ts';
import { inputDemand } from '../demand/input-demand.ts';
import { explainProgram } from '../explain-program.ts';
import { formatDataType } from '../format-data-type.ts';
import { toFramePlan } from '../lower/to-frame-plan.ts';
import { parseProgram } from '../parse-program.ts';
import type { Program } from '../program.ts';
import { sqlProgram } from './sql-program.ts';
import { parseSql } from './to-sql-plan.ts';

const FLIGHTS: Schema = [
  { name: 'origin', type: { kind: 'string' } },
  { name: 'delay', type: { kind: 'int64' } },
  { name: 'day', type: { kind: 'date' } },
];
const AIRPORTS: Schema = [
  { name: 'code', type: { kind: 'string' } },
  { name: 'origin', type: { kind: 'string' } },
  { name: 'country', type: { kind: 'string' } },
];
const inputs = { flights: FLIGHTS, airports: AIRPORTS };

const found = (sql: string) =>
  sqlProgram(parseSql(sql, { inputs: Object.keys(inputs) }), { inputs });

function programOf(sql: string): Program {
  const program = found(sql);
  if (program.kind === 'opaque') throw new Error(program.what);
  return program.program;
}

/** The first thing that is said of a query, with its place. */
function refusal(sql: string): string {
  try {
    found(sql);
  } catch (thrown) {
    if (!(thrown instanceof FloeError)) throw thrown;
    const [{ field, message, hint, place } = { field: '', message: '' }] = thrown.violations;
    return `${field} ${place?.line}:${place?.column} ${message}; ${hint ?? ''}`;
  }
  return 'accepted';
}

const typesOf = (sql: string): string =>
  checkProgram(programOf(sql), { inputs })
    .map(({ name, type }) => `${name} ${formatDataType(type)}`)
    .join(', ');

test('gives the tree that the same Polars gives', () => {
  const sql = programOf('SELECT origin, delay * 2 AS twice FROM flights WHERE delay > 15');
  const polars = parseProgram(
    'flights.filter(pl.col("delay") > 15).select(pl.col("origin"), (pl.col("delay") * 2).alias("twice"))',
    { inputs: ['flights'] },
  );
  expect(toFramePlan(sql, {})).toEqual(toFramePlan(polars, {}));
});

test('knows names and types before anything runs', () => {
  expect(
    typesOf(
      `SELECT f.origin, a.origin AS other, COUNT(*) AS n, AVG(delay) AS mean, MAX(day) AS last
       FROM flights f LEFT JOIN airports a ON f.origin = a.code GROUP BY f.origin, a.origin`,
    ),
  ).toBe('origin String, other String, n UInt32, mean Float64, last Date');
});

test.each([
  [
    'SELECT delya FROM flights',
    'sql 1:8 there is no column "delya"; did you mean "delay"? the columns here are origin, delay, day',
  ],
  [
    'SELECT origin\nFROM flights f\nWHERE f.dealy > 3',
    'sql 3:9 the table f has no column "dealy"; did you mean "delay"? its columns are origin, delay, day',
  ],
  [
    'SELECT g.delay FROM flights f',
    'sql 1:8 there is no table "g" in this query; did you mean f? the tables of this query are f',
  ],
  [
    'SELECT origin FROM flights JOIN airports ON flights.origin = airports.code',
    'sql 1:8 several tables have a column "origin"; write flights.origin or airports.origin',
  ],
  [
    'SELECT f.delay FROM flights f JOIN airports a ON f.origin = a.cod',
    'sql 1:63 the table a has no column "cod"; did you mean "code"? its columns are code, origin, country',
  ],
  [
    'SELECT origin, delay FROM flights GROUP BY origin',
    'sql 1:16 "delay" is neither a key of GROUP BY nor in an aggregation; add it to GROUP BY, or write MIN(delay)',
  ],
  [
    'SELECT uper(origin) AS o FROM flights',
    'sql 1:8 the SQL of Polars has no function `uper`; did you mean `upper`?',
  ],
  [
    'SELECT origin FROM flights WHERE delay + 1',
    'sql 1:28 a filter needs a Boolean, this is Int64; compare with something, like `> 0`',
  ],
  [
    'SELECT origin FROM flihgts',
    'sql 1:20 the query reads none of the inputs; did you mean flights?',
  ],
  ['SELECT delay FROM flights WHERE origin LIKE 3', 'accepted'],
  [
    'SELECT delay, delay FROM flights',
    'sql 1:15 the column "delay" comes twice; give one of them another name with AS',
  ],
  [
    'SELECT delay FROM flights ORDER BY 2',
    'sql 1:36 ORDER BY 2 names no column; the select list has 1',
  ],
  [
    'SELECT delay FROM flights WHERE delay = (SELECT delay FROM flights)',
    'sql 1:41 a query as a value gives one aggregation of all its rows; like (SELECT MAX(x) FROM t); join any other',
  ],
  [
    'SELECT delay FORM flights',
    'sql 1:19 `flights` is not expected here; a comma, FROM, JOIN, WHERE, GROUP BY, ORDER BY or LIMIT may be missing before it',
  ],
  ['SELECT delay FROM flights WHERE', 'sql 1:32 the query ends where an expression is expected; '],
  [
    'SELECT CAST(delay AS BIGINTT) FROM flights',
    'sql 1:22 `BIGINTT` is not a type of SQL that Polars knows; did you mean BIGINT?',
  ],
  ['SELECT delay + FROM flights', 'sql 1:16 an expression is missing before `FROM`; '],
])('%s', (sql, said) => {
  expect(refusal(sql)).toBe(said);
});

test('follows each column to those that it comes from, and says how', () => {
  const lineage = columnLineage(
    programOf(
      `SELECT a.country, SUM(f.delay) AS total FROM flights f JOIN airports a ON f.origin = a.code
       WHERE f.day >= '2024-01-01' GROUP BY a.country`,
    ),
    inputs,
  );
  const spell = ({ input, column, how }: { input: string; column: string; how: string }) =>
    `${how} ${input}.${column}`;
  expect(lineage.columns.map(({ name, sources }) => [name, sources.map(spell)])).toEqual([
    ['country', ['value airports.country']],
    ['total', ['condition flights.delay', 'value flights.delay']],
  ]);
  expect(lineage.dependencies.map(spell)).toEqual([
    'join flights.origin',
    'join airports.code',
    'filter flights.day',
    'group airports.country',
  ]);
});

test('tells what an extract may leave out', () => {
  const demand = inputDemand(
    programOf("SELECT origin FROM flights WHERE delay > 15 AND day >= '2024-01-01'"),
    inputs,
    'flights',
  );
  expect(demand.columns).toEqual(['origin', 'delay', 'day']);
  expect(demand.conditions).toHaveLength(2);
});

test('shows its steps clause by clause', () => {
  const sql =
    'SELECT origin, COUNT(*) AS n FROM flights WHERE delay > 15 GROUP BY origin ORDER BY n DESC';
  expect(explainProgram(programOf(sql), inputs)).toEqual([
    'flights',
    '  WHERE delay > 15  → origin, delay, day',
    '  GROUP BY origin  → origin, n',
    '  SELECT origin, COUNT(*) AS n  → origin, n',
    '  ORDER BY n DESC  → origin, n',
  ]);
});

test('says what in a query no tree says, and leaves it to Polars', () => {
  expect(found('SELECT delay, ARRAY[1, 2] AS l\nFROM flights')).toEqual({
    kind: 'opaque',
    what: 'ARRAY[...]',
    line: 1,
    column: 15,
  });
});

test('counts what ORDER BY counts, and sorts a union by the names of its first part', () => {
  expect(
    typesOf('SELECT origin, COUNT(*) AS n FROM flights GROUP BY origin ORDER BY COUNT(*) DESC'),
  ).toBe('origin String, n UInt32');
  expect(
    typesOf('SELECT origin FROM flights UNION SELECT code FROM airports ORDER BY origin'),
  ).toBe('origin String');
});

test('gives up on what comes to too much', () => {
  const nested = `${'NULLIF('.repeat(60)}origin${", 'x')".repeat(60)}`;
  expect(refusal(`SELECT ${nested} AS o FROM flights`)).toContain(
    'the expression comes to too much',
  );
});
