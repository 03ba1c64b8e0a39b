/**
 * The 22 queries of TPC-H as people write them in Polars, run as tasks over tables that are extracted from PostgreSQL,
 * against what PostgreSQL itself answers to the SQL of the specification.
 */
import { QUERIES, TABLES, polarsSql, tableStatements } from '@floe/tpch';
import { checkProgram, parseProgram, parseSql, sqlProgram, type Schema } from '@floe/expression';
import { previewDataset } from '@floe/frame';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';

/** 60,000 line items: every query has an answer, and all of it takes seconds. */
const SCALE = 0.01;
/** Making the tables, and 44 queries. */
vi.setConfig({ hookTimeout: 120_000, testTimeout: 30_000 });

let database: TestDatabase;
let inputs: readonly TaskInput[];
let schemas: Readonly<Record<string, Schema>>;

beforeAll(async () => {
  database = await startTestDatabase();
  for (const statement of tableStatements(SCALE)) await database.session.query(statement);
  const extracted: TaskInput[] = [];
  for (const table of TABLES) {
    const { dataset } = await extract(`select * from ${table}`);
    extracted.push({ taskId: table, dataset });
  }
  inputs = extracted;
  schemas = Object.fromEntries(extracted.map(({ taskId, dataset }) => [taskId, dataset.schema]));
});
afterAll(() => database.stop());

async function extract(query: string) {
  const { folder, address } = database;
  const context = createContext({ folder, address, config: { connection: 'source', query } });
  const { dataset } = await runPostgresExtract(context);
  if (dataset === undefined) throw new Error('an extract gives a dataset');
  return { dataset, path: context.outputPath };
}

test.each(QUERIES)('query $number agrees with SQL', ({ polars, sql }) =>
  expectAnswer({ polars }, sql),
);

test.each(QUERIES)('query $number, written in the SQL of Polars, agrees with SQL', (query) =>
  expectAnswer({ sql: polarsSql(query) }, query.sql),
);

async function expectAnswer(config: Readonly<Record<string, string>>, sql: string): Promise<void> {
  const { folder, address } = database;
  const context = createContext({ folder, address, config, inputs });
  await runExpressionTransform(context);
  const found = await previewDataset(context.outputPath, 100);
  const answer = await extract(sql);
  const wanted = await previewDataset(answer.path, 100);
  expect(found.schema.map(({ name }) => name).map(asInSql)).toEqual(
    wanted.schema.map(({ name }) => name),
  );
  expect(found.rows).toHaveLength(wanted.rows.length);
  expect(found.rows.length).toBeGreaterThan(0);
  for (const [index, row] of wanted.rows.entries()) expectRow(found.rows[index], row);
}

/** The one column that the two name differently. */
const asInSql = (name: string): string => (name === 'o_orderdat' ? 'o_orderdate' : name);

/** Sums of floats depend on the order of rows; rounded to cents, the last cent may differ. */
const CENT = 0.0101;

function expectRow(found: unknown, wanted: unknown): void {
  const [left, right] = [found, wanted] as [unknown[], unknown[]];
  for (const [index, value] of right.entries()) {
    if (typeof value !== 'number') expect(left[index]).toEqual(value);
    else expect(Math.abs(Number(left[index]) - value)).toBeLessThan(CENT + Math.abs(value) * 1e-9);
  }
}

test.each(QUERIES)('query $number in SQL is a tree with types', (query) => {
  const found = sqlProgram(parseSql(polarsSql(query), { inputs: TABLES }), { inputs: schemas });
  if (found.kind === 'opaque') throw new Error(found.what);
  const types = checkProgram(found.program, { inputs: schemas });
  expect(types.filter(({ type }) => type.kind === 'unknown')).toEqual([]);
});

test.each(QUERIES)('query $number has the types that were promised', async ({ polars }) => {
  const promised = checkProgram(parseProgram(polars, { inputs: TABLES }), { inputs: schemas });
  const { folder, address } = database;
  const context = createContext({ folder, address, config: { polars }, inputs });
  const { dataset } = await runExpressionTransform(context);
  expect(dataset?.schema).toEqual(promised);
});
