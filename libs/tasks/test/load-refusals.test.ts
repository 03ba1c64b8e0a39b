/** Hunts loads that leave something behind, and errors that show more, or less, than which row is wrong. */
import { openTarget } from '@floe/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import type { DatasetReference } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { type TestContext, createContext } from './task-context.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

beforeEach(async () => {
  await sql(`drop table if exists account, owner;
    create table owner (id int primary key);
    insert into owner values (1), (2);
    create table account (
      id int primary key,
      owner_id int references owner,
      balance int check (balance >= 0),
      note text not null default '',
      api_token text unique
    );
    insert into account values (100, 1, 5, 'old', 'old')`);
});

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  return database.session.query(text);
}

async function datasetOf(query: string): Promise<DatasetReference> {
  const { folder, address } = database;
  const config = { connection: 'c', query };
  return (await runPostgresExtract(createContext({ folder, address, config }))).dataset!;
}

type Given = {
  readonly config?: Record<string, unknown>;
  readonly port?: number;
  readonly runId?: string;
};

async function contextFor(query: string, given: Given = {}): Promise<TestContext> {
  const { folder, address } = database;
  return createContext({
    folder,
    address: { ...address, port: given.port ?? address.port },
    inputs: [{ taskId: 'rows', dataset: await datasetOf(query) }],
    config: { connection: 'c', table: 'account', mode: 'append', ...given.config },
    ...(given.runId !== undefined && { runId: given.runId }),
  });
}

async function expectUntouched(): Promise<void> {
  expect(await sql('select id, note from account')).toEqual([{ id: 100, note: 'old' }]);
  expect(
    await sql(`select from pg_tables where schemaname = 'floe_load' and tablename like 'stg%'`),
  ).toEqual([]);
}

const UPSERT = { mode: 'upsert', key: ['id'] };
const rows = (column: string, wrong: string): string =>
  `select 1000 + i as id, case when i = 70000 then ${wrong} end as ${column}, '' as note from generate_series(1, 70002) i`;

test.each([
  [
    'a check',
    rows('balance', '-5'),
    {},
    { row: '70000', values: 'balance = -5', constraint: 'account_balance_check' },
  ],
  [
    'a check, in an upsert',
    rows('balance', '-5'),
    UPSERT,
    { row: '70000', values: 'balance = -5' },
  ],
  [
    'a foreign key',
    rows('owner_id', '77'),
    {},
    { row: '70000', constraint: 'account_owner_id_fkey', values: 'owner_id = 77' },
  ],
  [
    'a foreign key, in an upsert',
    rows('owner_id', '77'),
    UPSERT,
    { row: '70000', values: 'owner_id = 77' },
  ],
  [
    'a column without NULL',
    `select 1 as id, null::text as note`,
    {},
    { row: '1', values: 'note = NULL' },
  ],
  [
    'a column without NULL, in an upsert',
    `select 1 as id, null::text as note`,
    UPSERT,
    { row: '1', values: 'note = NULL' },
  ],
  [
    'a secret that comes twice',
    `select 1 as id, 'old' as api_token`,
    {},
    { row: '1', values: 'api_token = ***' },
  ],
  [
    'a secret that comes twice, in an upsert',
    `select 1 as id, 'old' as api_token`,
    UPSERT,
    { row: '1', values: 'api_token = ***' },
  ],
])('%s that a row breaks: its number and its values', async (_, query, config, details) => {
  const context = await contextFor(query, { config });
  const failure = await runPostgresLoad(context).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: 'CONSTRAINT_VIOLATED', details });
  expect(String(failure)).not.toContain('Failing row');
  await expectUntouched();
});

test('an upsert may leave columns of rows that are there as they are', async () => {
  const config = { ...UPSERT, update: ['balance'] };
  await runPostgresLoad(
    await contextFor(`select 100 as id, 9 as balance, 'new' as note`, { config }),
  );
  expect(await sql('select balance, note from account')).toEqual([{ balance: 9, note: 'old' }]);
});

test('an upsert by several columns', async () => {
  await sql('create unique index on account (owner_id, balance)');
  const config = { mode: 'upsert', key: ['balance', 'owner_id'], update: ['note'] };
  await runPostgresLoad(
    await contextFor(
      `select 100 + i as id, 1 as owner_id, 4 + i as balance, 'n' || i as note from generate_series(1, 2) i`,
      { config },
    ),
  );
  expect(await sql('select id, balance, note from account order by id')).toEqual([
    { id: 100, balance: 5, note: 'n1' },
    { id: 102, balance: 6, note: 'n2' },
  ]);
});

test('update names columns that the input fills', async () => {
  const config = { ...UPSERT, update: ['blance'] };
  await expect(
    runPostgresLoad(await contextFor('select 1 as id, 2 as balance', { config })),
  ).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
    message: expect.stringContaining('update names "blance"'),
  });
});

test('a table that changes between the check and the load is left alone', async () => {
  const context = await contextFor('select 1 as id, 2 as balance');
  await using blocker = await openTarget(database.address, {
    applicationName: 'blocker',
    statementTimeoutMs: 0,
  });
  await blocker.query('begin');
  await blocker.query('lock table account in share mode');
  const outcome = expect(runPostgresLoad(context)).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    message: expect.stringContaining('has changed since it was checked'),
  });
  await expect
    .poll(() =>
      sql(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%explain insert%'`,
      ),
    )
    .toHaveLength(1);
  await blocker.query('alter table account alter column balance type bigint');
  await blocker.query('commit');
  await outcome;
  await expectUntouched();
});

test('a statement that an administrator cancels is one clear error', async () => {
  await sql(`create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(20); return new; end $$;
    create trigger slow before insert on account for each row execute function slow()`);
  const outcome = expect(runPostgresLoad(await contextFor('select 1 as id'))).rejects.toMatchObject(
    {
      code: 'QUERY_FAILED',
      details: { sql_state: '57014' },
    },
  );
  await expect
    .poll(() =>
      sql(`select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`),
    )
    .toHaveLength(1);
  await outcome;
  await sql('drop trigger slow on account; drop function slow');
  await expectUntouched();
});

/** Passes on so many bytes from the client, and then breaks both sides. */
const CUT_IN_THE_MIDDLE = { kind: 'cut', from: 'client', afterBytes: 1_000_000 } as const;

test.each([
  ['an append', {}],
  ['an upsert', UPSERT],
])('a connection that is cut in the middle of %s leaves the table untouched', async (_, config) => {
  const proxy = await startFaultProxy(database.address.port, CUT_IN_THE_MIDDLE);
  const query = `select i as id, repeat('x', 100) as note from generate_series(1, 50000) i`;
  const context = await contextFor(query, { config, port: proxy.port });
  await expect(runPostgresLoad(context)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  proxy.stop();
  await expect
    .poll(() => sql(`select from pg_stat_activity where query like 'copy %'`))
    .toEqual([]);
  expect(await sql('select id, note from account')).toEqual([{ id: 100, note: 'old' }]);
});

test('an attempt that holds the table is ended by the one that replaces it', async () => {
  const abandoned = await openTarget(database.address, {
    applicationName: 'floe:stuck:task',
    statementTimeoutMs: 0,
  });
  await runPostgresLoad(await contextFor('select 1 as id', { runId: 'first' }));
  await sql('truncate account');
  await abandoned.query(`insert into floe_load.load_commit (load_key, generation, epoch, state, backend_pid, backend_start)
    select 'stuck/task', 1, 0, 'open', pid, backend_start from pg_stat_activity where pid = pg_backend_pid()`);
  await abandoned.query('begin');
  await abandoned.query('insert into account (id) values (1)');
  await runPostgresLoad(await contextFor('select 1 as id', { runId: 'stuck' }));
  expect(await sql('select id from account')).toEqual([{ id: 1 }]);
  await expect(abandoned.query('commit')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  await abandoned[Symbol.asyncDispose]();
});

test('a session that a pooler has lent to another task since is left alone', async () => {
  await using other = await openTarget(database.address, {
    applicationName: 'floe:lent:elsewhere',
    statementTimeoutMs: 0,
  });
  await runPostgresLoad(await contextFor('select 1 as id', { runId: 'before' }));
  await sql('truncate account');
  await other.query(`insert into floe_load.load_commit (load_key, generation, epoch, state, backend_pid, backend_start)
    select 'lent/task', 1, 0, 'open', pid, backend_start from pg_stat_activity where pid = pg_backend_pid()`);
  await runPostgresLoad(await contextFor('select 1 as id', { runId: 'lent' }));
  expect(await other.query('select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('a dataset that is no Arrow file is one clear error', async () => {
  const context = await contextFor('select 1 as id');
  const [input] = context.inputs;
  const broken = { ...input!, dataset: { ...input!.dataset, uri: import.meta.url } };
  await expect(runPostgresLoad({ ...context, inputs: [broken] })).rejects.toMatchObject({
    code: 'DATASET_MISSING',
    message: expect.stringContaining('not a whole Arrow file'),
  });
});

test('a time with more digits than its column keeps is refused with its row, or rounded with convert', async () => {
  await sql(`drop table if exists brief;
    create table brief (a timestamp(3), b timestamptz(0), c time(2), d timestamp(3)[], e timestamp(6))`);
  const whole = `select timestamp '2001-02-03 04:05:06.789' as a, timestamptz '2001-02-03 04:05:06+00' as b,
    time '04:05:06.78' as c, array[timestamp '2001-02-03 04:05:06.789'] as d, timestamp '2001-02-03 04:05:06.789012' as e`;
  const config = { table: 'brief', mode: 'append' };
  await runPostgresLoad(await contextFor(whole, { config }));
  const fine = [
    [`timestamp '1969-12-31 23:59:59.999999' as a`, 'a'],
    [`timestamptz '2001-02-03 04:05:06.5+00' as b`, 'b'],
    [`time '04:05:06.789' as c`, 'c'],
    [`array[timestamp '2001-02-03 04:05:06.7891'] as d`, 'd'],
  ];
  for (const [column, name] of fine)
    await expect(
      runPostgresLoad(await contextFor(`select ${column!}`, { config })),
    ).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      message: expect.stringContaining('digits of a second'),
      details: { row: '1', column: name },
    });
  const convert = { config: { ...config, convert: true } };
  const columns = fine.map(([column]) => column).slice(0, 3);
  await runPostgresLoad(await contextFor(`select ${columns.join(', ')}`, convert));
  expect(await sql('select a::text, b::text, c::text from brief order by a')).toEqual([
    { a: '1970-01-01 00:00:00', b: '2001-02-03 04:05:07+00', c: '04:05:06.79' },
    { a: '2001-02-03 04:05:06.789', b: '2001-02-03 04:05:06+00', c: '04:05:06.78' },
  ]);
});

test('with convert PostgreSQL rounds and reads what does not fit, as for an INSERT', async () => {
  await sql(`drop table if exists loose;
    create table loose (a numeric, b numeric(6, 2), c int, d date, e text, f double precision, g timestamptz)`);
  const query = `select 0.1::float8 + 0.2 as a, 1234.567::float8 as b, 7.6::float8 as c, '2024-05-01'::text as d,
    12 as e, 3::numeric(4, 1) as f, date '2024-05-01' as g`;
  const config = { table: 'loose', mode: 'append' };
  await expect(runPostgresLoad(await contextFor(query, { config }))).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
  });
  await runPostgresLoad(await contextFor(query, { config: { ...config, convert: true } }));
  expect(
    await sql('select a::text, b::text, c, d::text, e, f, (g is not null) as g from loose'),
  ).toEqual([{ a: '0.3', b: '1234.57', c: 8, d: '2024-05-01', e: '12', f: 3, g: true }]);
  const wrong = { config: { ...config, convert: true } };
  await expect(runPostgresLoad(await contextFor(`select 'x' as c`, wrong))).rejects.toThrow(/"x"/);
});
