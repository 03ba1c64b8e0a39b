/**
 * Partitions of an extract together give what one attempt gives, whatever is committed meanwhile, and so do the tasks
 * that follow them or gather them. Tables, queries, programs and numbers of partitions are random.
 */
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { datasetSchema, previewDataset } from '@floe/frame';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { leadPostgresExtract } from '../src/postgres_extract/lead.ts';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import type { DatasetReference, TaskResult } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { type TestContext, createContext } from './task-context.ts';

/** Each example is a table, a dozen sessions and as many plans. */
vi.setConfig({ testTimeout: 120_000 });

const PREVIEW_MAX = 100;

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

type Setting = {
  readonly config: Readonly<Record<string, unknown>>;
  readonly partition?: TestContext['partition'];
  readonly inputs?: readonly DatasetReference[];
};

function contextFor({ config, partition, inputs = [] }: Setting): TestContext {
  const { folder, address } = database;
  const context = createContext({ folder, address, config: { connection: 'source', ...config } });
  return {
    ...context,
    inputs: inputs.map((dataset) => ({ taskId: 'rows', dataset })),
    ...(partition !== undefined && { partition }),
  };
}

/** Before PostgreSQL 14 a query is shared by a column or not at all. */
function shared(config: { readonly query: string }): Setting['config'] {
  return database.major < 14 ? { split_by: 'id', ...config } : config;
}

/** Lets the partitions run while the lead holds what it has handed out. */
async function underLead<Result>(
  config: Setting['config'],
  count: number,
  work: (handout: unknown) => Promise<Result>,
): Promise<Result> {
  const ending = new AbortController();
  const told = Promise.withResolvers<unknown>();
  const context = { ...contextFor({ config }), signal: ending.signal, partitionCount: count };
  const leading = leadPostgresExtract({ ...context, handOut: told.resolve });
  const failed = leading.then(() => Promise.reject(new Error('the lead ended')));
  failed.catch(() => undefined);
  try {
    return await work(await Promise.race([told.promise, failed]));
  } finally {
    ending.abort();
    await leading;
  }
}

async function partsOf(config: Setting['config'], count: number, between: () => Promise<unknown>) {
  return underLead(config, count, async (handout) => {
    await between();
    const parts: TaskResult[] = [];
    for (let index = 0; index < count; index += 1) {
      const partition = { index, count, handout };
      parts.push(await runPostgresExtract(contextFor({ config, partition })));
    }
    return parts.map(({ dataset }) => dataset!);
  });
}

function wholeOf(parts: readonly DatasetReference[]): DatasetReference {
  const [first] = parts;
  return { ...first!, uri: 'parts:test', parts };
}

async function transform(polars: string, input: DatasetReference): Promise<DatasetReference> {
  const result = await runExpressionTransform(contextFor({ config: { polars }, inputs: [input] }));
  return result.dataset!;
}

/** All rows as texts, in an order of their own. Tables here are small. */
async function rowsOf(dataset: DatasetReference): Promise<readonly string[]> {
  const paths = (dataset.parts ?? [dataset]).map(({ uri }) => new URL(uri).pathname);
  const files = await Promise.all(paths.map((path) => previewDataset(path, PREVIEW_MAX)));
  return files.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row))).toSorted();
}

const table = fc.record({
  rows: fc.integer({ min: 0, max: 60 }),
  fat: fc.boolean(),
  count: fc.integer({ min: 2, max: 6 }),
  query: fc.constantFrom(
    { query: 'select id, v, note from drawn' },
    { query: 'select id, v, note from drawn where v > 2' },
    { query: 'select id, v, note from drawn order by v', split_by: 'id' },
    { query: 'select v + 0 as id, v, note from drawn', split_by: 'id' },
  ),
  filter: fc.constantFrom(
    'rows.filter(pl.col("v") > 3)',
    'rows.with_columns(w=pl.col("v") * 2 - pl.col("id").fill_null(0))',
    'rows.select("id", up=pl.col("note").str.to_uppercase()).drop_nulls("id")',
  ),
});

test('partitions give what one attempt gives, and so do the tasks behind them', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ rows, fat, count, query, filter }) => {
      await database.session.query(
        `drop table if exists drawn;
         create table drawn (id bigint, v int, note text);
         insert into drawn select nullif(i % 11, 0), i % 7, repeat('n', ${fat ? 2_000 : 3}) || i
           from generate_series(1, ${rows}) i`,
      );
      const one = (await runPostgresExtract(contextFor({ config: query }))).dataset!;
      const parts = await partsOf(shared(query), count, () =>
        database.session.query(
          `update drawn set v = v + 1; insert into drawn values (1, 5, 'new')`,
        ),
      );
      expect(parts).toHaveLength(count);
      expect(await rowsOf(wholeOf(parts))).toEqual(await rowsOf(one));
      const followed = await Promise.all(parts.map((part) => transform(filter, part)));
      expect(await rowsOf(wholeOf(followed))).toEqual(await rowsOf(await transform(filter, one)));
      const groups = 'rows.group_by("v").agg(n=pl.len(), least=pl.col("id").min())';
      const gathered = await transform(groups, wholeOf(parts));
      expect(await rowsOf(gathered)).toEqual(await rowsOf(await transform(groups, one)));
    }),
    { numRuns: 12 },
  );
});

test('a lead that is told to end has nothing to say of it, whatever its session does then', async () => {
  await database.session.query('create table led as select 1::bigint as id');
  const config = shared({ query: 'select id from led' });
  for (let time = 0; time < 10; time += 1) {
    const ending = new AbortController();
    const context = { ...contextFor({ config }), signal: ending.signal, partitionCount: 2 };
    await leadPostgresExtract({ ...context, handOut: () => ending.abort() });
  }
});

test('without the lead a partition says that the snapshot is gone', async () => {
  await database.session.query('create table left_alone as select 1::bigint as id');
  const config = shared({ query: 'select id from left_alone' });
  const handout = await underLead(config, 2, (told) => Promise.resolve(told));
  const partition = { index: 0, count: 2, handout };
  await expect(runPostgresExtract(contextFor({ config, partition }))).rejects.toMatchObject({
    code: 'SNAPSHOT_GONE',
  });
});

test('a query that PostgreSQL cannot be asked for in parts is refused, with what would help', async () => {
  await database.session.query('create view seen as select 1::bigint as id');
  const told = underLead({ query: 'select id from seen' }, 2, () => Promise.resolve());
  await expect(told).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
    hint: expect.stringContaining('split_by'),
  });
});

test('an empty partition has the columns of the others', async () => {
  await database.session.query('create table tiny as select 1::bigint as id, 2 as v');
  const config = shared({ query: 'select id, v from tiny' });
  const parts = await partsOf(config, 3, () => Promise.resolve());
  expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
  const schemas = await Promise.all(parts.map(({ uri }) => datasetSchema(new URL(uri).pathname)));
  expect(new Set(schemas.map((schema) => JSON.stringify(schema))).size).toBe(1);
  expect(parts.map(({ uri }) => uri.startsWith(pathToFileURL('/').href))).not.toContain(false);
});
