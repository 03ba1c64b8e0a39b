import { createHash } from 'node:crypto';
import { openTarget } from '@floe/database';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import type { DatasetReference } from '../src/runner.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { type TestContext, createContext } from './task-context.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

beforeEach(async () => {
  await sql(
    'drop table if exists t; create table t (id int primary key, name text, n bigint default 7)',
  );
});

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  return database.session.query(text);
}

async function datasetOf(query: string): Promise<DatasetReference> {
  const { folder, address } = database;
  const config = { connection: 'c', query };
  return (await runPostgresExtract(createContext({ folder, address, config }))).dataset!;
}

type Given = { runId?: string; epoch?: number; config?: Record<string, unknown> };

function contextFor(dataset: DatasetReference, given: Given = {}): TestContext {
  const { folder, address } = database;
  const { runId, epoch } = given;
  return createContext({
    folder,
    address,
    inputs: [{ taskId: 'rows', dataset }],
    config: { connection: 'c', table: 'public.t', mode: 'append', ...given.config },
    ...(runId !== undefined && { runId }),
    ...(epoch !== undefined && { epoch }),
  });
}

const load = async (dataset: DatasetReference, given: Given = {}) =>
  runPostgresLoad(contextFor(dataset, given));
const soon = (check: () => Promise<void>) => eventually(check, { withinMs: 5_000 });
const table = () => sql('select id, name from t order by id');
const staging = () =>
  sql(`select tablename from pg_tables where schemaname = 'floe_load' and tablename like 'stg%'`);

const TWO = `select 1 as id, 'a' as name union all select 2, null`;
const THREE = `select 2 as id, 'b' as name union all select 3, 'c'`;

test('append adds to what is there; defaults fill the other columns', async () => {
  await sql(`insert into t values (9, 'old')`);
  expect(await load(await datasetOf(TWO))).toMatchObject({ rows: 2 });
  expect(await sql('select id, name, n::int from t order by id')).toEqual([
    { id: 1, name: 'a', n: 7 },
    { id: 2, name: null, n: 7 },
    { id: 9, name: 'old', n: 7 },
  ]);
  expect(await staging()).toEqual([]);
});

test.each(['replace', 'truncate'])('%s leaves only the rows of the load', async (mode) => {
  await sql(`insert into t values (9, 'old')`);
  await load(await datasetOf(TWO), { config: { mode } });
  expect(await table()).toEqual([
    { id: 1, name: 'a' },
    { id: 2, name: null },
  ]);
});

test('upsert changes the rows with a key of the load and keeps the others', async () => {
  await sql(`insert into t values (1, 'kept', 1), (2, 'old', 2)`);
  await load(await datasetOf(THREE), { config: { mode: 'upsert', key: ['id'] } });
  expect(await sql('select id, name, n::int from t order by id')).toEqual([
    { id: 1, name: 'kept', n: 1 },
    { id: 2, name: 'b', n: 2 },
    { id: 3, name: 'c', n: 7 },
  ]);
});

test('upsert into a table that is all key adds what is new', async () => {
  await sql(
    "drop table t; create table t (id int, name text, unique (name, id)); insert into t values (2, 'b')",
  );
  await load(await datasetOf(THREE), { config: { mode: 'upsert', key: ['id', 'name'] } });
  expect(await table()).toEqual([
    { id: 2, name: 'b' },
    { id: 3, name: 'c' },
  ]);
});

test('columns of the frame go to the columns that the task names', async () => {
  const dataset = await datasetOf(`select 5 as number, 'x' as title`);
  await load(dataset, { config: { columns: { number: 'id', title: 'name' } } });
  expect(await table()).toEqual([{ id: 5, name: 'x' }]);
});

test('create makes the table with the key as its primary key, and fills it again as it is', async () => {
  await sql('drop table t');
  const config = { mode: 'upsert', key: ['id'], create: true };
  const dataset = await datasetOf(
    `select 1 as id, 'a'::text as name, 1.50::numeric(10,2) as price, now() as at`,
  );
  await load(dataset, { config });
  await load(dataset, { config });
  expect(
    await sql(
      `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum`,
    ),
  ).toEqual(
    ['integer', 'text', 'numeric(10,2)', 'timestamp with time zone'].map((type) => ({ type })),
  );
  expect(await sql('select id, price from t')).toEqual([{ id: 1, price: '1.50' }]);
  await expect(sql('insert into t (id) values (1)')).rejects.toMatchObject({
    code: 'CONSTRAINT_VIOLATED',
  });
});

test.each([
  ['through a staging table', { mode: 'upsert', key: ['id'] }],
  ['directly', { mode: 'append' }],
])('of loads that begin together one makes the table: %s', async (_, config) => {
  await sql('drop table t');
  const ids = [1, 2, 3, 4, 5, 6];
  const datasets = await Promise.all(ids.map((id) => datasetOf(`select ${id} as id`)));
  await Promise.all(
    datasets.map((dataset) => load(dataset, { config: { ...config, create: true } })),
  );
  expect(await sql('select id from t order by id')).toEqual(ids.map((id) => ({ id })));
  expect(await staging()).toEqual([]);
});

test.each(['truncate', 'replace'])(
  'loads that %s wait for each other, and none for itself',
  async (mode) => {
    const ids = Array.from({ length: 12 }, (_, index) => index);
    const datasets = await Promise.all(ids.map((id) => datasetOf(`select ${id} as id`)));
    await Promise.all(datasets.map((dataset) => load(dataset, { config: { mode } })));
    expect(await table()).toHaveLength(1);
  },
);

test('upserts of the same rows in another order begin again when they have waited for each other', async () => {
  const ids = 'generate_series(1, 10000) as id';
  await sql(`insert into t select id from ${ids};
    alter role current_user set deadlock_timeout = '50ms'`);
  const up = await datasetOf(`select id, 'up' as name from ${ids} order by id`);
  const down = await datasetOf(`select id, 'down' as name from ${ids} order by id desc`);
  const config = { mode: 'upsert', key: ['id'] };
  await Promise.all([up, down, up].map((dataset) => load(dataset, { config })));
  await sql('alter role current_user reset deadlock_timeout');
  expect(await sql('select name, count(*)::int from t group by name')).toMatchObject([
    { count: 10_000 },
  ]);
  expect(await staging()).toEqual([]);
});

test("loads that replace see what others have committed, whatever a user's transactions begin with", async () => {
  const ids = Array.from({ length: 6 }, (_, index) => index);
  const datasets = await Promise.all(ids.map((id) => datasetOf(`select ${id} as id`)));
  await sql(`alter role current_user set default_transaction_isolation = 'repeatable read'`);
  try {
    await Promise.all(datasets.map((dataset) => load(dataset, { config: { mode: 'replace' } })));
  } finally {
    await sql('alter role current_user reset default_transaction_isolation');
  }
  expect(await table()).toHaveLength(1);
});

test('a load repeated after its commit, by the same or a newer attempt, changes nothing (P3)', async () => {
  const dataset = await datasetOf(TWO);
  const first = await load(dataset, { runId: 'repeat' });
  expect(await load(dataset, { runId: 'repeat' })).toEqual(first);
  const newer = contextFor(dataset, { runId: 'repeat', epoch: 5 });
  expect(await runPostgresLoad(newer)).toEqual(first);
  expect(newer.logs).toMatchObject([{ level: 'info' }]);
  expect(await table()).toHaveLength(2);
});

test('an older attempt than the one that loaded is fenced', async () => {
  const dataset = await datasetOf(TWO);
  await load(dataset, { runId: 'older', epoch: 3 });
  await expect(load(dataset, { runId: 'older', epoch: 2 })).rejects.toMatchObject({
    code: 'LOAD_FENCED',
  });
  expect(await table()).toHaveLength(2);
});

test('an attempt that is overtaken while it fills its staging table cannot commit (L2)', async () => {
  const dataset = await datasetOf(TWO);
  // The old attempt has to wait for this lock when it reads the table, after it has opened the load.
  await using blocker = await openTarget(database.address, {
    applicationName: 'blocker',
    statementTimeoutMs: 0,
  });
  await blocker.query('begin');
  await blocker.query('lock table t in access exclusive mode');
  const old = load(dataset, { runId: 'overtaken', epoch: 1 });
  const failure = expect(old).rejects.toMatchObject({ code: 'LOAD_FENCED' });
  await soon(async () => {
    expect(
      await sql(
        `select from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'floe:overtaken%'`,
      ),
    ).toHaveLength(1);
  });
  await sql(`update floe_load.load_commit set epoch = 2 where load_key = 'overtaken/task'`);
  await blocker.query('commit');
  await failure;
  expect(await table()).toEqual([]);
  expect(await staging()).toEqual([]);
});

test('what an attempt left behind that died before its commit is removed, and the rows are loaded once', async () => {
  const hash = createHash('sha256').update('died/task').digest('hex').slice(0, 16);
  await load(await datasetOf(TWO), { runId: 'other' });
  await sql('truncate t');
  await sql(`create table floe_load.stg_${hash}_1 (id int); insert into floe_load.stg_${hash}_1 values (77);
    insert into floe_load.load_commit (load_key, generation, epoch, state) values ('died/task', 1, 1, 'open')`);
  expect(await load(await datasetOf(TWO), { runId: 'died', epoch: 2 })).toMatchObject({ rows: 2 });
  expect(await table()).toHaveLength(2);
  expect(await staging()).toEqual([]);
});

test('the staging table of a newer attempt is left alone', async () => {
  const hash = createHash('sha256').update('newer/task').digest('hex').slice(0, 16);
  await sql(`create table floe_load.stg_${hash}_9 (id int)`);
  await load(await datasetOf(TWO), { runId: 'newer', epoch: 2 });
  expect(await staging()).toEqual([{ tablename: `stg_${hash}_9` }]);
  await sql(`drop table floe_load.stg_${hash}_9`);
});

test('a commit whose answer is lost counts, because the ledger says so (P4)', async () => {
  const proxy = await startCuttingProxy(database.address.port, "set state = 'done'");
  const { folder } = database;
  const context = createContext({
    runId: 'lost',
    folder,
    address: { ...database.address, port: proxy.port },
    inputs: [{ taskId: 'rows', dataset: await datasetOf(TWO) }],
    config: { connection: 'c', table: 't', mode: 'append' },
  });
  expect(await runPostgresLoad(context)).toMatchObject({ rows: 2 });
  expect(proxy.cuts()).toBe(1);
  expect(context.logs).toMatchObject([
    { level: 'warn', message: expect.stringContaining('asking the ledger') },
  ]);
  expect(await table()).toHaveLength(2);
  proxy.stop();
});

test('a commit that the server did not do fails, and the next attempt loads (P4)', async () => {
  // The deferred trigger ends the session within the commit.
  await sql(`create function kill_session() returns trigger language plpgsql as $$
    begin
      if new.state = 'done' then perform pg_terminate_backend(pg_backend_pid()); end if;
      return null;
    end $$;
    create constraint trigger kill_at_commit after update on floe_load.load_commit
      deferrable initially deferred for each row execute function kill_session()`);
  const dataset = await datasetOf(TWO);
  await expect(load(dataset, { runId: 'unanswered' })).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
  });
  expect(await table()).toEqual([]);
  await sql('drop trigger kill_at_commit on floe_load.load_commit');
  expect(await load(dataset, { runId: 'unanswered', epoch: 2 })).toMatchObject({ rows: 2 });
  expect(await table()).toHaveLength(2);
});

test('attempts that run at the same time load once', async () => {
  const dataset = await datasetOf(TWO);
  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4].map((epoch) => load(dataset, { runId: 'race', epoch })),
  );
  expect(outcomes.filter((each) => each.status === 'fulfilled').length).toBeGreaterThan(0);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'LOAD_FENCED' });
  expect(await table()).toHaveLength(2);
  await soon(async () => expect(await staging()).toEqual([]));
});

test('rows of a newer attempt are not blamed on the dataset: the older one is fenced (P3)', async () => {
  await using newer = await openTarget(database.address, {
    applicationName: 'newer',
    statementTimeoutMs: 0,
  });
  await newer.query('begin');
  await newer.query(`insert into t values (1, 'newer')`);
  const older = expect(
    load(await datasetOf(TWO), { runId: 'blamed', epoch: 1 }),
  ).rejects.toMatchObject({ code: 'LOAD_FENCED' });
  await soon(async () => {
    const waiting = await sql(
      `select from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'floe:blamed%'`,
    );
    expect(waiting).toHaveLength(1);
  });
  await newer.query(
    `update floe_load.load_commit set epoch = 2, state = 'done', rows = 1, bytes = 1 where load_key like 'blamed/%'`,
  );
  await newer.query('commit');
  await older;
  expect(await table()).toEqual([{ id: 1, name: 'newer' }]);
});

test('an abort stops the load, and nothing is written', async () => {
  await using blocker = await openTarget(database.address, {
    applicationName: 'blocker',
    statementTimeoutMs: 0,
  });
  await blocker.query('begin');
  await blocker.query('lock table t in share mode');
  const abort = new AbortController();
  const dataset = await datasetOf(TWO);
  const { folder, address } = database;
  const context = createContext({
    runId: 'aborted',
    folder,
    address,
    signal: abort.signal,
    inputs: [{ taskId: 'rows', dataset }],
    config: { connection: 'c', table: 't', mode: 'append' },
  });
  const outcome = expect(runPostgresLoad(context)).rejects.toMatchObject({ code: 'CANCELLED' });
  await soon(async () => {
    expect(
      await sql(
        `select from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'floe:aborted%'`,
      ),
    ).toHaveLength(1);
  });
  const abortedAt = performance.now();
  abort.abort();
  await outcome;
  expect(performance.now() - abortedAt).toBeLessThan(2_000);
  await blocker.query('commit');
  expect(await table()).toEqual([]);
  expect(await staging()).toEqual([]);
});

const FAILURES: readonly (readonly [
  string,
  string,
  Record<string, unknown>,
  Record<string, unknown>,
])[] = [
  [
    'a missing table',
    TWO,
    { table: 'public.tt' },
    { code: 'TABLE_NOT_FOUND', hint: 'did you mean "public.t"?' },
  ],
  [
    'a missing column',
    `select 1 as id, 'x' as nmae`,
    {},
    { code: 'COLUMN_MISMATCH', hint: 'did you mean "name"?' },
  ],
  [
    'a wrong type',
    `select 1.5::float8 as id`,
    {},
    { code: 'COLUMN_MISMATCH', message: expect.stringContaining('Float64') },
  ],
  [
    'an integer out of range',
    `select 1 as id union all select 3000000000`,
    {},
    { code: 'VALUE_INVALID', details: { column: 'id', row: '2' } },
  ],
  [
    'a key that occurs twice',
    `select i / 2 as id from generate_series(2, 9) i`,
    { mode: 'upsert', key: ['id'] },
    {
      code: 'DUPLICATE_KEY',
      message: expect.stringContaining('(1) 2 times; (2) 2 times; (3) 2 times'),
    },
  ],
  [
    'a key that is NULL',
    `select null::int as id`,
    { mode: 'upsert', key: ['id'] },
    { code: 'CONSTRAINT_VIOLATED', details: { row: '1', columns: 'id', values: 'id = NULL' } },
  ],
  [
    'a key without a unique index',
    TWO,
    { mode: 'upsert', key: ['name'] },
    {
      code: 'COLUMN_MISMATCH',
      hint: 'create unique index on public.t (name), or write `key: [id]`',
    },
  ],
  [
    'a key that the input lacks',
    `select 'x' as name`,
    { mode: 'upsert', key: ['id'] },
    { code: 'COLUMN_MISMATCH' },
  ],
  [
    'a row that breaks a constraint',
    `select 1 as id, 'a' as name union all select 1, 'b'`,
    {},
    {
      code: 'CONSTRAINT_VIOLATED',
      details: { constraint: 't_pkey', row: '2', columns: 'id', values: 'id = 1' },
    },
  ],
  [
    'a text that is too long',
    `select 1 as id, 'long text' as short`,
    { table: 'narrow' },
    { code: 'VALUE_INVALID', message: expect.stringContaining('short') },
  ],
  [
    'a NULL where none may be',
    `select null::int as id, 'x' as short`,
    { table: 'narrow' },
    { code: 'CONSTRAINT_VIOLATED' },
  ],
  ['a mode that does not exist', TWO, { mode: 'merge' }, { code: 'ARGUMENT_INVALID' }],
];

test.each(FAILURES)(
  '%s is an error with its mend, and nothing is loaded or left',
  async (_, query, config, expected) => {
    await sql(
      'drop table if exists narrow; create table narrow (id int not null, short varchar(4))',
    );
    await expect(load(await datasetOf(query), { config })).rejects.toMatchObject(expected);
    expect(await table()).toEqual([]);
    expect(await sql('select * from narrow')).toEqual([]);
    expect(await staging()).toEqual([]);
  },
);

test('a user who may not make the ledger is told which grant is needed, or loads with a schema of its own', async () => {
  const url = await database.server.createDatabase('guarded');
  await sql(`create role loader login password 'loader'`);
  const address = {
    ...database.address,
    database: new URL(url).pathname.slice(1),
    user: 'loader',
    password: 'loader',
  };
  const dataset = await datasetOf(TWO);
  const context = createContext({
    folder: database.folder,
    address,
    inputs: [{ taskId: 'rows', dataset }],
    config: { connection: 'c', table: 't', mode: 'append' },
  });
  await expect(runPostgresLoad(context)).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    hint: expect.stringContaining('create schema floe_load authorization'),
  });
  const { user, password } = database.address;
  await using owner = await openTarget(
    { ...address, user, password },
    { applicationName: 'test', statementTimeoutMs: 10_000 },
  );
  await owner.query(`create schema floe_load authorization loader;
    create table t (id int, name text); grant insert on t to loader`);
  expect(await runPostgresLoad(context)).toMatchObject({ rows: 2 });
});

test.each([
  ['a check', 'check (id < 2)', 0],
  ['a key that is taken', 'primary key', 1],
])('%s has the ledger asked only where rows may stand in the way', async (_, constraint, asked) => {
  await sql(`create table strict (id int ${constraint}, name text); insert into strict values (1)`);
  const context = createContext({
    folder: database.folder,
    address: database.address,
    inputs: [{ taskId: 'rows', dataset: await datasetOf(TWO) }],
    config: { connection: 'c', table: 'strict', mode: 'append' },
  });
  await expect(runPostgresLoad(context)).rejects.toMatchObject({ code: 'CONSTRAINT_VIOLATED' });
  await sql('drop table strict');
  const questions = context.logs.filter(({ message }) => message.startsWith('asking the ledger'));
  expect(questions).toHaveLength(asked);
});
