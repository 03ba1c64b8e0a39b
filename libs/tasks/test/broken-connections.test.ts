/**
 * Connections that are cut, fall silent or are ended by an administrator, in the middle of each task that uses them: one
 * clear error, and what the task wrote is there once or not at all.
 */
import { cancelBackend, openTarget, type TargetSession } from '@floe/database';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { runPostgresSql } from '../src/postgres_sql/run.ts';
import type { DatasetReference } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { type Fault, startFaultProxy } from './fault-proxy.ts';
import { startPoolerProxy } from './pooler-proxy.ts';
import { createContext } from './task-context.ts';

const ROWS = 50_000;
const MIDDLE_BYTES = 500_000;
const SOON = { withinMs: 20_000 };

let database: TestDatabase;
let dataset: DatasetReference;
beforeAll(async () => {
  database = await startTestDatabase();
  await database.session.query(
    `create table source as select i as id, 'some text ' || i as name from generate_series(1, ${ROWS}) i;
     create table target (id int, name text)`,
  );
  const config = { connection: 'c', query: 'select id, name from source' };
  const { folder, address } = database;
  dataset = (await runPostgresExtract(createContext({ folder, address, config }))).dataset!;
});
afterAll(() => database.stop());
beforeEach(() =>
  database.session.query(`truncate target; insert into target values (0, 'before')`),
);

const idsSum = async () => {
  const [row] = await database.session.query<{ sum: string }>('select sum(id) from target');
  return Number(row?.sum);
};
const ALL_IDS = (ROWS * (ROWS + 1)) / 2;

type Given = { readonly port?: number; readonly runId?: string; readonly epoch?: number };

const TASKS = {
  extract: (given: Given) =>
    runPostgresExtract(contextFor({ query: 'select id, name from source' }, given)),
  'parallel extract': (given: Given) =>
    runPostgresExtract(contextFor({ query: 'select id, name from source', parallel: 2 }, given)),
  append: (given: Given) => runPostgresLoad(contextFor({ table: 'target', mode: 'append' }, given)),
  replace: (given: Given) =>
    runPostgresLoad(contextFor({ table: 'target', mode: 'replace' }, given)),
  sql: (given: Given) =>
    runPostgresSql(
      contextFor(
        { statements: ['truncate target', `insert into target select * from source`] },
        given,
      ),
    ),
};
type TaskName = keyof typeof TASKS;

function contextFor(config: Record<string, unknown>, { port, ...given }: Given) {
  const { folder, address } = database;
  return createContext({
    folder,
    address: { ...address, ...(port !== undefined && { port }) },
    config: { connection: 'c', ...config },
    inputs: 'table' in config ? [{ taskId: 'rows', dataset }] : [],
    ...given,
  });
}

const CUTS: readonly [TaskName, Fault['from'], number][] = [
  ['extract', 'server', 0],
  ['extract', 'server', MIDDLE_BYTES],
  ['parallel extract', 'server', MIDDLE_BYTES],
  ['append', 'client', 2_000],
  ['append', 'client', MIDDLE_BYTES],
  ['replace', 'client', MIDDLE_BYTES],
  ['sql', 'client', 1_500],
];

test.each(CUTS)(
  '%s, cut by the %s after %i bytes, fails once and works again',
  async (name, from, afterBytes) => {
    const proxy = await startFaultProxy(database.address.port, { kind: 'cut', from, afterBytes });
    const runId = `cut-${name}-${afterBytes}`;
    await expect(TASKS[name]({ port: proxy.port, runId, epoch: 1 })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining(`127.0.0.1:${proxy.port}/postgres`),
    });
    expect(proxy.faults()).toBe(1);
    expect(await idsSum()).toBe(0);
    await TASKS[name]({ port: proxy.port, runId, epoch: 2 });
    proxy.stop();
    if (!name.endsWith('extract')) expect(await idsSum()).toBe(ALL_IDS);
  },
);

type Silence = readonly [
  name: string,
  from: Fault['from'],
  afterBytes: number,
  run: (session: TargetSession) => Promise<unknown>,
];
const COPY_OUT = 'copy (select id, name from source) to stdout (format binary)';
const SILENCES: readonly Silence[] = [
  ['a query', 'client', 0, (session) => session.query('insert into target values (1)')],
  ['a query with values', 'client', 0, (session) => session.query('select $1::int', [1])],
  [
    'an answer',
    'server',
    0,
    (session) => session.query('insert into target values (1); select 1/0'),
  ],
  ['a copy out', 'server', MIDDLE_BYTES, (session) => session.copyOut(COPY_OUT, DEAF)],
  [
    'a copy in',
    'client',
    MIDDLE_BYTES,
    (session) => session.copyIn('copy target from stdin', lines()),
  ],
];
const DEAF = { receive: () => undefined };

async function* lines(): AsyncGenerator<Buffer> {
  const line = 'x'.repeat(1_000);
  for (let id = 0; id < 1_000; id += 1) yield Buffer.from(`${id}\t${line}\n`);
}

test.each(SILENCES)(
  '%s that is lost in silence is an error, and the server is rid of the session',
  async (_, from, afterBytes, run) => {
    const fault = { kind: 'silence', from, afterBytes, isArmed: false } as const;
    const proxy = await startFaultProxy(database.address.port, fault);
    const applicationName = 'floe:silent:task';
    await using session = await openTarget(
      { ...database.address, port: proxy.port },
      { applicationName, statementTimeoutMs: 0, silence: { afterMs: 200, lookMs: 10_000 } },
    );
    proxy.arm();
    await expect(run(session)).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining('what was sent is lost on the way'),
    });
    expect(proxy.faults()).toBe(1);
    await eventually(async () => {
      const left = `select from pg_stat_activity where application_name = '${applicationName}'`;
      expect(await database.session.query(left)).toEqual([]);
    }, SOON);
    proxy.stop();
    expect(await idsSum()).toBe(0);
  },
);

test('a server that does not answer at all is given up', async () => {
  const fault = {
    kind: 'silence',
    from: 'client',
    afterBytes: 0,
    isTotal: true,
    isArmed: false,
  } as const;
  const proxy = await startFaultProxy(database.address.port, fault);
  const address = { ...database.address, port: proxy.port };
  const silence = { afterMs: 100, lookMs: 300 };
  await using session = await openTarget(address, {
    applicationName: 'floe:deaf:task',
    statementTimeoutMs: 0,
    silence,
  });
  proxy.arm();
  await expect(session.query('select 1')).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('the server does not answer any longer'),
  });
  proxy.stop();
});

/** More than the client sends to log in, less than with its first statement. */
const LOGGED_IN_BYTES = 300;

test('whoever cancels a statement does not wait for a server that falls silent', async () => {
  const fault = { kind: 'silence', from: 'client', afterBytes: LOGGED_IN_BYTES } as const;
  const proxy = await startFaultProxy(database.address.port, fault);
  const address = { ...database.address, port: proxy.port };
  await expect(
    cancelBackend(address, database.session.backendPid, { withinMs: 1_000 }),
  ).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('Connection terminated'),
  });
  expect(proxy.faults()).toBe(1);
  proxy.stop();
});

test('a pooler that has no connection to spare is told as one', async () => {
  const pooler = await startPoolerProxy(database.address.port);
  const address = { ...database.address, port: pooler.port };
  const silence = { afterMs: 100, lookMs: 500 };
  const options = { applicationName: 'floe:waits:task', statementTimeoutMs: 0, silence };
  await using session = await openTarget(address, options);
  expect(session.isPooled).toBe(true);
  pooler.fill();
  await expect(session.query('select 1')).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('raise its pool size'),
  });
  pooler.stop();
});

test('a slow statement is no silence', async () => {
  await using session = await openTarget(database.address, {
    applicationName: 'floe:slow:task',
    statementTimeoutMs: 0,
    silence: { afterMs: 100, lookMs: 10_000 },
  });
  expect(await session.query('select 1 as one from pg_sleep(1)')).toEqual([{ one: 1 }]);
});

test.each([
  ['pg_cancel_backend', 'QUERY_FAILED', '57014'],
  ['pg_terminate_backend', 'CONNECTION_FAILED', '57P01'],
])('what an administrator does with %s is told as that', async (does, code, state) => {
  const sleeping = `application_name like 'floe:%' and wait_event = 'PgSleep'`;
  const works = {
    extract: () => runPostgresExtract(contextFor({ query: 'select pg_sleep(60)::text' }, {})),
    sql: () =>
      runPostgresSql(
        contextFor({ statements: ['insert into target values (1)', 'select pg_sleep(60)'] }, {}),
      ),
  };
  for (const work of Object.values(works)) {
    const failing = expect(work()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`[${state}]`),
      hint: expect.stringContaining('floe runs retry RUN'),
    });
    await eventually(async () => {
      const found = `select ${does}(pid) from pg_stat_activity where ${sleeping}`;
      expect(await database.session.query(found)).toHaveLength(1);
    }, SOON);
    await failing;
  }
  expect(await idsSum()).toBe(0);
});
