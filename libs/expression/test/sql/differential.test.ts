/**
 * The tree of a query against Polars' own SQL: the same names, types and rows, on tables of chance. It hunts what a
 * query means differently once it is a tree.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { expect, test, vi } from 'vitest';
import {
  checkProgram,
  formatDataType,
  parseSql,
  sqlProgram,
  toFramePlan,
  type Program,
} from '../../src/index.ts';
import { executePlan, rowsOf, type Lazy } from '../execute-plan.ts';
import { SQL_SCHEMAS, sqlTables, toLazyTables } from './sql-tables.ts';

/** Some thousand queries run. */
vi.setConfig({ testTimeout: 120_000 });

/** A statement with `!` before it has an order that must be kept. */
const STATEMENTS = readFileSync(new URL('statements.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => ({ isOrdered: line.startsWith('!'), sql: line.replace(/^!/, '') }));

const INPUTS = { inputs: Object.keys(SQL_SCHEMAS) };

function programOf(sql: string): Program {
  const found = sqlProgram(parseSql(sql, INPUTS), { inputs: SQL_SCHEMAS });
  if (found.kind === 'opaque') throw new Error(`${found.what} is not followed in ${sql}`);
  return found.program;
}

type Result = ReturnType<Lazy['collectSync']>;

function runInPolars(sql: string, tables: Record<string, Lazy>): Result {
  const frame = pl.SQLContext(tables as never).execute(sql) as Lazy & { readonly _ldf?: unknown };
  if (frame._ldf instanceof Error) throw frame._ldf;
  return frame.collectSync();
}

/** Types by their letters and digits: the two sides write brackets and names in other ways. */
const spell = (type: string): string =>
  type
    .replaceAll(/DataType|Field|None/g, '')
    .replaceAll('Utf8', 'String')
    .replaceAll('Boolean', 'Bool')
    .replaceAll(/[^A-Za-z0-9]/g, '');

const typesOf = (result: Result): readonly string[] =>
  Object.entries(result.schema).map(([name, type]) => `${name}: ${spell(String(type))}`);

/** The last digits of a float depend on the order in which rows are added. */
function rows(result: Result, isOrdered: boolean): readonly string[] {
  const isNumber = /^-?\d+(\.\d+)?(e-?\d+)?$/;
  const texts = (rowsOf(result) as readonly object[]).map((row) =>
    JSON.stringify(row, (_, value: unknown) =>
      typeof value === 'string' && isNumber.test(value)
        ? String(Number(Number(value).toPrecision(11)) + 0)
        : value,
    ),
  );
  return isOrdered ? texts : texts.toSorted();
}

const SAMPLES = 12;

test.each(STATEMENTS)('$sql', ({ sql, isOrdered }) => {
  const program = programOf(sql);
  const schema = checkProgram(program, { inputs: SQL_SCHEMAS });
  const plan = toFramePlan(program, {});
  fc.assert(
    fc.property(sqlTables, (tables) => {
      const wanted = runInPolars(sql, toLazyTables(tables));
      const found = executePlan(plan, toLazyTables(tables));
      expect(typesOf(found)).toEqual(typesOf(wanted));
      expect(schema.map(({ name, type }) => `${name}: ${spell(formatDataType(type))}`)).toEqual(
        typesOf(wanted),
      );
      expect(rows(found, isOrdered)).toEqual(rows(wanted, isOrdered));
    }),
    { numRuns: SAMPLES, seed: 20_261_127 },
  );
});

test('the statements are a few hundred', () => {
  expect(STATEMENTS.length).toBeGreaterThan(290);
});
