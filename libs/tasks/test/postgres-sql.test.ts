import { openTarget } from '@floe/database';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runPostgresSql } from '../src/postgres_sql/run.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { startTestDatabase, type TestDatabase } from './databases.ts';
import { createContext, type TestContext } from './task-context.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());
beforeEach(() => database.session.query('drop table if exists t; create table t (id int)'));

type Given = Partial<Parameters<typeof createContext>[0]>;

function contextFor(statements: readonly string[], given: Given = {}): TestContext {
  const { folder, address } = database;
  const config = { connection: 'c', statements };
  return createContext({ folder, address, config, ...given });
}

const ids = async () =>
  (await database.session.query<{ id: number }>('select id from t order by id')).map(
    ({ id }) => id,
  );

test('all statements take effect together, with parameters bound', async () => {
  const hostile = `x'); drop table t; --`;
  const context = contextFor(
    [
      'insert into t select generate_series(1, ${{ params.count }});',
      'update t set id = id + length(${{ params.text }})',
    ],
    {
      params: {
        count: { kind: 'integer', value: '3' },
        text: { kind: 'string', value: hostile },
      },
    },
  );
  expect(await runPostgresSql(context)).toMatchObject({ rows: 6 });
  expect(await ids()).toEqual([1, 2, 3].map((id) => id + hostile.length));
});

test('an error undoes all of them and says which it was', async () => {
  const context = contextFor(['insert into t values (1)', 'insert into nowhere values (1)']);
  await expect(runPostgresSql(context)).rejects.toMatchObject({
    code: 'TABLE_NOT_FOUND',
    message: expect.stringMatching(/^statement 2 of 2: .*nowhere/),
  });
  expect(await ids()).toEqual([]);
});

test('a second attempt of the same run does nothing and gives the same counts (K3)', async () => {
  const runId = 'run-once';
  await runPostgresSql(contextFor(['insert into t values (1), (2)'], { runId, epoch: 1 }));
  const again = contextFor(['insert into t values (1), (2)'], { runId, epoch: 2 });
  expect(await runPostgresSql(again)).toMatchObject({ rows: 2 });
  expect(await ids()).toEqual([1, 2]);
});

test('an attempt that a newer one has overtaken changes nothing (K2)', async () => {
  const runId = 'run-fenced';
  const newer = contextFor(['insert into t values (2)', 'select * from missing'], {
    runId,
    epoch: 5,
  });
  await expect(runPostgresSql(newer)).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
  const older = contextFor(['insert into t values (1)'], { runId, epoch: 4 });
  await expect(runPostgresSql(older)).rejects.toMatchObject({ code: 'LOAD_FENCED' });
  expect(await ids()).toEqual([]);
});

test.each([
  [['insert into t values (1)', 'commit'], 'statement 2 is COMMIT'],
  [['insert into t values (1); commit'], 'cannot insert multiple commands'],
])('%j cannot end the transaction', async (statements, message) => {
  await expect(runPostgresSql(contextFor(statements))).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    message: expect.stringContaining(message),
  });
  expect(await ids()).toEqual([]);
});

test('a COPY from a client that is none, and what no transaction takes, end at once in words', async () => {
  const copying = contextFor(['insert into t values (1)', 'copy t from stdin']);
  await expect(runPostgresSql(copying)).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    message: 'statement 2 of 2: the statement wants rows from the client, and there are none',
  });
  await expect(runPostgresSql(contextFor(['vacuum t']))).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    hint: expect.stringContaining('one transaction'),
  });
  expect(await ids()).toEqual([]);
});

test('who may not write is told why', async () => {
  const { session, address } = database;
  await session.query(`create role reader login superuser password '${address.password}';
    alter role reader set default_transaction_read_only = on`);
  const context = contextFor(['insert into t values (1)'], {
    address: { ...address, user: 'reader' },
  });
  await expect(runPostgresSql(context)).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    hint: expect.stringContaining('default_transaction_read_only'),
  });
});

test('a commit whose answer is lost is looked up, not repeated (K4)', async () => {
  const proxy = await startCuttingProxy(database.address.port, "set state = 'done'");
  const address = { ...database.address, port: proxy.port };
  const context = contextFor(['insert into t values (1)'], { address });
  expect(await runPostgresSql(context)).toMatchObject({ rows: 1 });
  expect(proxy.cuts()).toBe(1);
  proxy.stop();
  expect(await ids()).toEqual([1]);
});

test('statements see of others what the user has them see; the ledger is read as it is', async () => {
  const { session } = database;
  const runId = 'run-level';
  const ledger = `floe_load.load_commit where load_key = '${runId}/task'`;
  const failing = contextFor(['insert into t values (1)', 'select 1 / 0'], { runId, epoch: 1 });
  await expect(runPostgresSql(failing)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  await session.query(`alter role current_user set default_transaction_isolation = 'serializable'`);
  try {
    const count = `insert into t select 1 where current_setting('transaction_isolation') = 'serializable'`;
    expect(await runPostgresSql(contextFor([count]))).toMatchObject({ rows: 1 });
    // Another attempt is about to commit, and the one that comes has to wait for it.
    await using other = await openTarget(database.address, {
      applicationName: 'other',
      statementTimeoutMs: 0,
    });
    const waiting = await other.transaction('begin', async () => {
      await other.query(`select from ${ledger} for update`);
      const coming = runPostgresSql(contextFor(['insert into t values (2)'], { runId, epoch: 2 }));
      await eventually(
        async () => {
          const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'floe:${runId}:task'`;
          expect(await session.query(waits)).toHaveLength(1);
        },
        { withinMs: 10_000 },
      );
      await other.query(
        `update floe_load.load_commit set state = 'done', rows = 7, bytes = 0 where load_key = '${runId}/task'`,
      );
      return { coming };
    });
    expect(await waiting.coming).toMatchObject({ rows: 7 });
    expect(await ids()).toEqual([1]);
  } finally {
    await session.query('alter role current_user reset default_transaction_isolation');
  }
});
