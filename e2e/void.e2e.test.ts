/**
 * Hunts the commit of an executor that was frozen for longer than anybody waits for it, and wakes after its run was shown
 * as ended (P5); and the run that does not end because the target cannot be asked (P6).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createRpcClient } from '@floe/rpc';
import { ExecutorService } from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { type Gate, startGate } from './support/gate.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { childrenOf, pidOf } from './support/processes.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

// Longer than a cancel waits for executors.
const FROZEN_MS = 12_000;
// What a worker that wakes needs to commit what it has, several times over.
const WAKING_MS = 3_000;
const EXECUTORS = ['executor-1', 'executor-2'];
const VOID_EPOCH = '9223372036854775807';

/** The server holds the end of the copy back: meanwhile the worker is stopped, and has only to commit when it wakes. */
function loading(name: string, connection: string): string {
  return `name: ${name}
defaults: { retries: { max: 0 } }
tasks:
  rows: { type: postgres_extract, connection: source, query: 'select n from generate_series(1, 50) as n' }
  store: { type: postgres_load, inputs: [rows], connection: ${connection}, table: public.target, mode: append }
`;
}

let floe: TestFloe;
let gate: Gate;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 2, slots: 1 });
  await prepareConnections(floe);
  const { host, port, user, passwordFile, demoDatabase } = floe.endpoints.postgres;
  gate = await startGate(port);
  const secretReference = `file:${passwordFile}`;
  const address = { host, port: gate.port, database: demoDatabase, username: user };
  await floe.client.setConnection({
    ...address,
    name: 'gated',
    secretReference,
    sslMode: 'SSL_MODE_DISABLE',
  });
  await floe.sql(`create function public.hold_back() returns trigger language plpgsql as
    $$ begin perform pg_sleep(2); return null; end $$`);
  await floe.sql('create table public.target (n integer)');
  await floe.sql(`create trigger held after insert on public.target
    for each statement execute function public.hold_back()`);
  await floe.client.applyWorkflow(loading('frozen', 'warehouse'));
  await floe.client.applyWorkflow(loading('unreachable', 'gated'));
});

beforeEach(async () => void (await floe.sql('truncate public.target')));

afterAll(async () => {
  gate?.[Symbol.dispose]();
  await floe?.[Symbol.asyncDispose]();
});

/** Starts a run and stops the executor and the worker of its load while the server has the rows and not the commit. */
async function freezeLoad(workflowName: string): Promise<{ runId: string; wake: () => void }> {
  const { run } = await floe.client.startRun({ workflowName });
  await eventually(
    async () => {
      const open = await floe.sql(
        `select from pg_stat_activity where application_name like 'floe:%:store' and wait_event = 'PgSleep'`,
      );
      expect(open).toHaveLength(1);
    },
    { withinMs: 30_000, everyMs: 20 },
  );
  const { taskRuns } = await floe.client.listTaskRuns(run.runId);
  const { executorId } = taskRuns.find(({ taskId }) => taskId === 'store')!.attempts.at(-1)!;
  const executor = await pidOf(floe, executorId);
  const stopped = [executor, ...childrenOf(executor)];
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  return {
    runId: run.runId,
    wake: () => {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    },
  };
}

async function untilExecutorsAreIdle(): Promise<void> {
  for (const address of floe.endpoints.executors) {
    const client = createRpcClient(ExecutorService, { addresses: [address], name: 'executor' });
    const idle = async () => {
      const { slots } = await client.getStatus({});
      expect(slots.every(({ runId, processId }) => runId === '' && processId > 0n)).toBe(true);
    };
    await eventually(idle, { withinMs: 30_000 });
    client.close();
  }
}

async function markOf(runId: string): Promise<unknown> {
  const [row] = await floe.sql(
    'select state, epoch from floe_load.load_commit where load_key = $1',
    [`${runId}/store`],
  );
  return row;
}

const VOID = { state: 'open', epoch: VOID_EPOCH };
const written = () => floe.sql('select n from public.target');

test('what is shown as cancelled writes nothing, also when its executor wakes afterwards', async () => {
  const { runId, wake } = await freezeLoad('frozen');
  const frozen = delay(FROZEN_MS);
  await floe.client.cancelRun(runId, { reason: 'a test' });
  const ended = await awaitRunEnd(floe.client, runId, { withinMs: 30_000 });
  expect(ended.state).toBe('RUN_STATE_CANCELLED');
  expect(ended.failure?.message).toBe('a test');
  expect(await markOf(runId)).toEqual(VOID);
  await frozen;
  wake();
  await delay(WAKING_MS);
  await untilExecutorsAreIdle();
  expect(await written()).toEqual([]);
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  const store = taskRuns.find(({ taskId }) => taskId === 'store')!;
  expect(store.state).toBe('TASK_STATE_CANCELLED');
  expect(store.attempts.map(({ state }) => state)).toEqual([
    'ATTEMPT_STATE_LOST',
    'ATTEMPT_STATE_SUCCEEDED',
  ]);
});

test('metadata rules it out when no executor of the pool is left', async () => {
  const { runId, wake } = await freezeLoad('frozen');
  const others = await Promise.all(EXECUTORS.map((name) => pidOf(floe, name)));
  for (const pid of others) process.kill(pid, 'SIGSTOP');
  await floe.client.cancelRun(runId, { reason: 'a test' });
  const ended = await awaitRunEnd(floe.client, runId, { withinMs: 60_000 });
  expect(ended).toMatchObject({ state: 'RUN_STATE_CANCELLED', failure: { message: 'a test' } });
  expect(await markOf(runId)).toEqual(VOID);
  for (const pid of others) process.kill(pid, 'SIGCONT');
  wake();
  await delay(WAKING_MS);
  await untilExecutorsAreIdle();
  expect(await written()).toEqual([]);
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  const store = taskRuns.find(({ taskId }) => taskId === 'store')!;
  expect(store.state).toBe('TASK_STATE_CANCELLED');
  expect(store.attempts.map(({ state }) => state)).toEqual(['ATTEMPT_STATE_LOST']);
});

test('what is shown as cancelled although it was loaded is shown as loaded', async () => {
  const { runId, wake } = await freezeLoad('frozen');
  // As if the commit had been on its way when the worker was stopped.
  await floe.sql(
    `update floe_load.load_commit set state = 'done', rows = 50, bytes = 9 where load_key = $1`,
    [`${runId}/store`],
  );
  await floe.client.cancelRun(runId, { reason: 'a test' });
  const ended = await awaitRunEnd(floe.client, runId, { withinMs: 30_000 });
  expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  expect(taskRuns.find(({ taskId }) => taskId === 'store')).toMatchObject({
    state: 'TASK_STATE_SUCCEEDED',
    rows: '50',
  });
  wake();
  await untilExecutorsAreIdle();
});

test('a run ends when the target cannot be asked, says so, and the load is ruled out later', async () => {
  const { runId, wake } = await freezeLoad('unreachable');
  gate.close();
  await floe.client.cancelRun(runId, { reason: 'a test' });
  const ended = await awaitRunEnd(floe.client, runId, { withinMs: 60_000 });
  expect(ended.state).toBe('RUN_STATE_CANCELLED');
  expect(ended.failure?.message).toBe('a test; it is not known whether store took effect');
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  const store = taskRuns.find(({ taskId }) => taskId === 'store')!;
  expect(store.failure).toMatchObject({ code: 'LOAD_UNCERTAIN' });
  expect(await markOf(runId)).not.toEqual(VOID);
  gate.open();
  await eventually(async () => expect(await markOf(runId)).toEqual(VOID), { withinMs: 10_000 });
  wake();
  await delay(WAKING_MS);
  await untilExecutorsAreIdle();
  expect(await written()).toEqual([]);
});
