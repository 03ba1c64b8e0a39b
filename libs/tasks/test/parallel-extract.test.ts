import { previewDataset, readDatasetFacts } from '@floe/frame';
import { openTarget } from '@floe/database';
import { eventually, startTestReplica } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { type TestContext, createContext } from './task-context.ts';

let database: TestDatabase;
const ROWS = 60_000;
// With a tenth of each page filled some 70 MiB: more ranges of pages than connections.
const SPARSE_ROWS = 200_000;

beforeAll(async () => {
  database = await startTestDatabase();
  await database.session.query(
    `create table reading (id int, at timestamptz, note text);
     insert into reading select i, timestamptz '2001-01-01' + i * interval '1 hour', 'note ' || i
       from generate_series(1, ${ROWS}) i;
     insert into reading values (null, null, null);
     create table sensor (id int, place text) partition by list (place);
     create table sensor_a partition of sensor for values in ('a');
     create table sensor_b partition of sensor for values in ('b');
     insert into sensor select i, chr(97 + i % 2) from generate_series(1, 20000) i;
     create table sparse (id int) with (fillfactor = 10);
     insert into sparse select i from generate_series(1, ${SPARSE_ROWS}) i;
     analyze reading, sensor, sparse`,
  );
});
afterAll(() => database.stop());

function contextFor(config: Readonly<Record<string, unknown>>): TestContext {
  const { folder, address } = database;
  return createContext({ folder, address, config: { connection: 'source', ...config } });
}

async function valuesOf(context: TestContext): Promise<unknown[]> {
  await runPostgresExtract(context);
  const { rows } = await previewDataset(context.outputPath, 100);
  return rows.flat();
}

/** PostgreSQL goes straight to a range of pages since this major. */
const SHARES_PAGES_SINCE = 14;

const connectionsOf = ({ updates }: TestContext) =>
  new Set(updates.flatMap(({ backendPid }) => backendPid ?? [])).size;

test.each([
  ['a table', { query: 'select * from reading', parallel: 4 }, ROWS + 1],
  [
    'a table with a condition',
    { query: 'select id from reading where id % 2 = 0', parallel: 3 },
    ROWS / 2,
  ],
  ['partitions', { query: 'select * from sensor', parallel: 3 }, 20_000],
  ['a table of many pages', { query: 'select id from sparse', parallel: 2 }, SPARSE_ROWS],
  [
    'the end of a table',
    { query: `select id from sparse where id > ${SPARSE_ROWS - 10}`, parallel: 2 },
    10,
  ],
  [
    'a column',
    { query: 'select id from reading order by note', parallel: 3, split_by: 'id' },
    ROWS + 1,
  ],
  ['timestamps', { query: 'select at, id from reading', parallel: 3, split_by: 'at' }, ROWS + 1],
])('%s is read by several connections, each row once', async (_, config, rows) => {
  const context = contextFor(config);
  const result = await runPostgresExtract(context);
  expect(result.rows).toBe(rows);
  const isShared = 'split_by' in config || database.major >= SHARES_PAGES_SINCE;
  expect(connectionsOf(context)).toBe(isShared ? config.parallel : 1);
  expect(await readDatasetFacts(context.outputPath)).toMatchObject({ rows });
});

test('a standby is read by several connections, too, and takes no rows', async () => {
  await using replica = await startTestReplica(database.server);
  const { folder, address, session } = database;
  const port = Number(new URL(replica.urlOf(database.server.url)).port);
  const standby = { ...address, port };
  await session.query('create table caught_up ()');
  const hasCaughtUp = async () => {
    await using look = await openTarget(standby, { applicationName: 'x', statementTimeoutMs: 0 });
    const [row] = await look.query<{ there: boolean }>(
      `select to_regclass('caught_up') is not null as there`,
    );
    return row?.there === true;
  };
  await eventually(hasCaughtUp, { withinMs: 60_000 });
  const query = 'select * from reading';
  const context = createContext({
    folder,
    address: standby,
    config: { connection: 'c', query, parallel: 2, split_by: 'id' },
  });
  const { rows, dataset } = await runPostgresExtract(context);
  expect(rows).toBe(ROWS + 1);
  expect(connectionsOf(context)).toBe(2);
  const load = { connection: 'c', table: 'reading', mode: 'append' };
  const inputs = [{ taskId: 'rows', dataset: dataset! }];
  await expect(
    runPostgresLoad(createContext({ folder, address: standby, config: load, inputs })),
  ).rejects.toMatchObject({ hint: expect.stringContaining('the server is a standby') });
});

test('parts hold different rows', async () => {
  const context = contextFor({
    query: 'select id from reading where id % 1000 = 0',
    parallel: 4,
  });
  const expected = Array.from({ length: ROWS / 1000 }, (_, index) => (index + 1) * 1000);
  const values = await valuesOf(context);
  expect(values).toHaveLength(expected.length);
  expect(new Set(values)).toEqual(new Set(expected));
});

test('all connections see the same moment, whatever is committed meanwhile', async () => {
  const { session } = database;
  await session.query('create table moving (id int, filler text)');
  await session.query(
    `insert into moving select i, repeat('x', 500) from generate_series(1, 20000) i`,
  );
  const context = contextFor({ query: 'select id from moving', parallel: 2 });
  // The extract says so when it has its snapshot and has not opened the second connection yet.
  let deleted: Promise<unknown> | undefined;
  const result = await runPostgresExtract({
    ...context,
    log() {
      deleted ??= session.query('delete from moving where id > 10000');
    },
  });
  await deleted;
  expect(result.rows).toBe(20_000);
  expect(await session.query('select count(*)::int as count from moving')).toEqual([
    { count: 10_000 },
  ]);
});

test.each([
  ['select count(*)::int as n from reading', 'no select of one table'],
  ['select now() as at from reading', 'the moment differs between connections'],
  ['select id from reading order by id', 'an order'],
])('%s runs on one connection, and says so', async (query) => {
  const context = contextFor({ query, parallel: 2 });
  await runPostgresExtract(context);
  expect(connectionsOf(context)).toBe(1);
  expect(context.logs.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('on one connection'),
  );
});

test('a part that fails ends the others, and leaves no file', async () => {
  const context = contextFor({ query: 'select 1 / (id - 59999) as x from reading', parallel: 3 });
  await expect(runPostgresExtract(context)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  await expect(readDatasetFacts(context.outputPath)).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
  const active = () =>
    database.session.query(
      `select from pg_stat_activity where application_name like 'floe:%' and state = 'active'`,
    );
  await eventually(async () => (await active()).length === 0, { withinMs: 2_000 });
});

test('a part that fails ends one that works for long before its first row', async () => {
  await database.session.query(
    `create or replace function slow(id int) returns int stable language plpgsql as
       $$ begin if id = 1 then perform pg_sleep(600); end if; return id; end $$`,
  );
  const context = contextFor({
    query: 'select id, slow(id) as s, 1 / (id - 1000) as x from generate_series(1, 1000) as id',
    split_by: 'id',
    parallel: 2,
  });
  await expect(runPostgresExtract(context)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
});

test('an unknown split column is an error with the columns that there are', async () => {
  const context = contextFor({ query: 'select id from reading', split_by: 'di', parallel: 2 });
  await expect(runPostgresExtract(context)).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
    hint: 'it gives: id',
  });
});

test('progress tells rows, bytes and the share, and ends with all of it', async () => {
  const context = contextFor({ query: 'select * from reading cross join generate_series(1, 4)' });
  await runPostgresExtract(context);
  const shares = context.updates.flatMap(({ share }) => share ?? []);
  expect(shares.length).toBeGreaterThan(2);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(context.updates.at(-1)).toMatchObject({ rows: (ROWS + 1) * 4 });
});

test('a statement timeout ends the query in words', async () => {
  const context = contextFor({
    query: 'select pg_sleep(20)::text as x',
    statement_timeout: '200ms',
  });
  await expect(runPostgresExtract(context)).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    details: { sql_state: '57014' },
  });
});

test('limits that the user has set for transactions do not end an extract', async () => {
  const { session, address, folder } = database;
  await session.query(`create role hurried login superuser password '${address.password}';
    alter role hurried set idle_in_transaction_session_timeout = '1s'`);
  // The limit of whole transactions is of PostgreSQL 17.
  if (database.major >= 17)
    await session.query(`alter role hurried set transaction_timeout = '1s'`);
  const query = 'select pg_sleep(1.2)::text as slept';
  const config = { connection: 'c', query };
  const context = createContext({ folder, address: { ...address, user: 'hurried' }, config });
  expect(await runPostgresExtract(context)).toMatchObject({ rows: 1 });
});

test('an administrator who ends the session gets one clear error', async () => {
  const context = contextFor({ query: 'select pg_sleep(20)::text as x' });
  const outcome = expect(runPostgresExtract(context)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('terminating connection due to administrator command'),
  });
  await expect
    .poll(() => context.updates.find(({ backendPid }) => backendPid !== undefined)?.backendPid)
    .toBeDefined();
  await expect
    .poll(
      () =>
        database.session.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'floe:%' and query like '%pg_sleep%'`,
        ),
      { timeout: 5_000 },
    )
    .toHaveLength(1);
  await outcome;
});
