// Hunts the load that commits after somebody was told that it never will.
import { openTarget } from '@floe/database';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { runPostgresSql } from '../src/postgres_sql/run.ts';
import type { DatasetReference, TaskResult } from '../src/runner.ts';
import { voidLoad, type VoidedLoads } from '../src/void.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';

let database: TestDatabase;
let rows: DatasetReference;

beforeAll(async () => {
  database = await startTestDatabase();
  const config = { connection: 'c', query: 'select 1 as id' };
  const { folder, address } = database;
  rows = (await runPostgresExtract(createContext({ folder, address, config }))).dataset!;
  await sql(`
    create function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(1.5); return null; end $$;
    create role other superuser login password 'other'`);
});
afterAll(() => database.stop());

beforeEach(async () => {
  await sql('drop table if exists t; create table t (id int)');
});

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  return database.session.query(text);
}

/** From here to its commit a load has a second and a half. */
async function slowDown(): Promise<void> {
  await sql('create trigger slow after insert on t for each statement execute function slow()');
}

function load(runId: string, epoch = 1): Promise<TaskResult> {
  const { folder, address } = database;
  const config = { connection: 'c', table: 'public.t', mode: 'append' };
  const inputs = [{ taskId: 'rows', dataset: rows }];
  return runPostgresLoad(createContext({ folder, address, inputs, config, runId, epoch }));
}

function ruleOut(runId: string, items: readonly number[] = [], user = {}): Promise<VoidedLoads> {
  const address = { ...database.address, ...user };
  const { signal } = new AbortController();
  return voidLoad({ runId, taskId: 'task', items, address, signal });
}

const NOTHING = { done: 0, rows: 0, bytes: 0 };
const FENCED = { code: 'LOAD_FENCED', message: expect.stringContaining('was ruled out') };
const written = async () => (await sql('select id from t')).length;

async function untilCopying(runId: string): Promise<void> {
  await eventually(
    async () => {
      const [open] = await sql(
        `select from pg_stat_activity
         where application_name = 'floe:${runId}:task' and wait_event = 'PgSleep'`,
      );
      expect(open).toBeDefined();
    },
    { withinMs: 5_000, everyMs: 10 },
  );
}

test('a load that has not begun never does, whatever its epoch', async () => {
  expect(await ruleOut('early')).toEqual(NOTHING);
  await expect(load('early')).rejects.toMatchObject(FENCED);
  await expect(load('early', 1_000_000)).rejects.toMatchObject(FENCED);
  expect(await written()).toBe(0);
});

test('a load that has its rows in and only has to commit does not, and its session is ended', async () => {
  await slowDown();
  const loading = load('late').catch((thrown: unknown) => thrown);
  await untilCopying('late');
  expect(await ruleOut('late')).toEqual(NOTHING);
  // Its session was ended; when it asks the ledger, it is told.
  expect(await loading).toMatchObject(FENCED);
  expect(await written()).toBe(0);
});

test('the mark alone holds it off, where its session belongs to another user', async () => {
  await slowDown();
  const loading = load('foreign').catch((thrown: unknown) => thrown);
  await untilCopying('foreign');
  expect(await ruleOut('foreign', [], { user: 'other', password: 'other' })).toEqual(NOTHING);
  expect(await loading).toMatchObject(FENCED);
  expect(await written()).toBe(0);
});

test('a load that was faster is told with its rows, and stays', async () => {
  await load('faster');
  expect(await ruleOut('faster')).toMatchObject({ done: 1, rows: 1 });
  expect(await ruleOut('faster')).toMatchObject({ done: 1, rows: 1 });
  expect(await load('faster', 2)).toMatchObject({ rows: 1 });
  expect(await written()).toBe(1);
});

test("a commit that holds the row is waited for, whatever a user's transactions begin with", async () => {
  await sql(`alter role current_user set default_transaction_isolation = 'repeatable read'`);
  await ruleOut('other');
  await sql(`insert into floe_load.load_commit (load_key, generation, epoch, state)
    values ('held/task', 1, 1, 'open')`);
  await using holder = await openTarget(database.address, {
    applicationName: 'holder',
    statementTimeoutMs: 0,
  });
  const asked = holder.transaction('begin', async () => {
    await holder.query(
      `update floe_load.load_commit set state = 'done', rows = 5, bytes = 1 where load_key = 'held/task'`,
    );
    const asking = ruleOut('held');
    await holder.query('select pg_sleep(0.3)');
    return { asking };
  });
  expect(await (await asked).asking).toMatchObject({ done: 1, rows: 5 });
  await sql('alter role current_user reset default_transaction_isolation');
});

test('statements that commit under the ledger are ruled out as loads are', async () => {
  const { folder, address } = database;
  const config = { connection: 'c', statements: ['insert into t values (1)'] };
  await ruleOut('words');
  const context = createContext({ folder, address, config, runId: 'words' });
  await expect(runPostgresSql(context)).rejects.toMatchObject(FENCED);
  expect(await written()).toBe(0);
});

test('the loads of items are ruled out one by one, those that were done are counted', async () => {
  const { folder, address } = database;
  const config = { connection: 'c', table: 'public.t', mode: 'append' };
  const inputs = [{ taskId: 'rows', dataset: rows }];
  const item = (index: number) =>
    runPostgresLoad(
      createContext({ folder, address, inputs, config, runId: 'items', taskId: `task[${index}]` }),
    );
  await item(1);
  expect(await ruleOut('items', [0, 1, 2])).toMatchObject({ done: 1, rows: 1 });
  await expect(item(2)).rejects.toMatchObject(FENCED);
  expect(await written()).toBe(1);
});

test('twenty that rule out the same do not wait for each other', async () => {
  const items = Array.from({ length: 200 }, (_, index) => index);
  const asked = Array.from({ length: 20 }, (_, at) =>
    ruleOut('crowd', at % 2 === 0 ? items : items.toReversed()),
  );
  expect(new Set((await Promise.all(asked)).map(({ done }) => done))).toEqual(new Set([0]));
});

test('a target that is not there is named', async () => {
  await expect(ruleOut('nowhere', [], { port: 1 })).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
  });
});
