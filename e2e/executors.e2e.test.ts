/**
 * Executors that come and go, or that come back from the dead: nothing is lost, charged or done twice (C03, C26).
 */
import { createRpcClient } from '@floe/rpc';
import { ExecutorService } from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { childrenOf, pidOf } from './support/processes.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const LIGHT_TASKS = 100;
const SLOT_TASKS = 6;
const ROWS = 200;
const RESTART_WITHIN_MS = 40_000;

/** Tasks that none may be charged an attempt of: there is only one. */
const ROLLING = [
  'name: rolling',
  'defaults: { retries: { max: 0 } }',
  'tasks:',
  ...Array.from(
    { length: LIGHT_TASKS },
    (_, index) => `  light_${index}: { type: sleep, duration: 2s }`,
  ),
  ...Array.from(
    { length: SLOT_TASKS },
    (_, index) =>
      `  slot_${index}: { type: postgres_extract, connection: source, query: select 1 as one from pg_sleep(2) }`,
  ),
  '',
].join('\n');

// The load takes two seconds, so that there is a middle in which to stop.
const ZOMBIE = `name: zombie
defaults: { retries: { max: 3, delay: 200ms, backoff: 1 } }
tasks:
  rows: { type: postgres_extract, connection: source, query: 'select n from generate_series(1, ${ROWS}) as n' }
  store: { type: postgres_load, inputs: [rows], connection: warehouse, table: public.zombie_target, mode: append }
`;

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 2, slots: 2 });
  await prepareConnections(floe);
  await floe.client.applyWorkflow(ROLLING);
  await floe.sql('create table public.zombie_target (n integer)');
  await floe.sql(`create function public.slow_row() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.01); return new; end $$`);
  await floe.sql(
    'create trigger slow before insert on public.zombie_target for each row execute function public.slow_row()',
  );
  await floe.client.applyWorkflow(ZOMBIE);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

/** Drains an executor so that it hands back what runs, ends it, and waits for the next. */
async function restart(name: string, address: string): Promise<void> {
  const client = createRpcClient(ExecutorService, { addresses: [address], name });
  await client.drain({ deadlineMs: 300n });
  const pid = await pidOf(floe, name);
  process.kill(pid, 'SIGTERM');
  await eventually(async () => (await pidOf(floe, name)) !== pid, {
    withinMs: RESTART_WITHIN_MS,
  });
  await eventually(
    async () => (await client.getStatus({})).slots.every((slot) => slot.processId > 0n),
    {
      withinMs: RESTART_WITHIN_MS,
    },
  );
  client.close();
}

test('a rolling restart of all executors under load loses nothing and charges nothing', async () => {
  const starts = [1, 2].map(() => floe.client.startRun({ workflowName: 'rolling' }));
  const runs = (await Promise.all(starts)).map(({ run }) => run.runId);
  await awaitTaskState(floe.client, runs[0]!, {
    taskId: 'slot_0',
    state: 'TASK_STATE_RUNNING',
    withinMs: 20_000,
  });
  for (const [index, address] of floe.endpoints.executors.entries()) {
    await restart(`executor-${index + 1}`, address);
  }
  let handedBack = 0;
  for (const runId of runs) {
    const ended = await awaitRunEnd(floe.client, runId, { withinMs: 60_000 });
    expect(ended.failure).toBeUndefined();
    expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
    expect((await floe.client.getRunReport(runId)).lostAttemptCount).toBe(0);
    const { taskRuns } = await floe.client.listTaskRuns(runId);
    const attempts = taskRuns.flatMap((task) => task.attempts);
    handedBack += attempts.filter(({ state }) => state !== 'ATTEMPT_STATE_SUCCEEDED').length;
  }
  // That there was something to hand back.
  expect(handedBack).toBeGreaterThan(0);
});

async function executorOf(runId: string, taskId: string): Promise<string> {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return taskRuns.find((task) => task.taskId === taskId)!.attempts.at(-1)!.executorId;
}

async function isLoading(): Promise<boolean> {
  const rows = await floe.sql(
    `select from pg_stat_activity where application_name like 'floe:%:store'
     and state = 'active' and query ~* '(copy|into) "public"."zombie_target"'`,
  );
  return rows.length > 0;
}

test('an executor that was stopped while it loaded, and wakes after its successor, changes nothing', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'zombie' });
  await eventually(isLoading, { withinMs: 20_000, everyMs: 20 });
  const executor = await pidOf(floe, await executorOf(run.runId, 'store'));
  const stopped = [executor, ...childrenOf(executor)];
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  // The lease has to end, and then the transaction that the zombie left open.
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 90_000 });
  expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  // It is itself again when it takes work: then it has told all that it had to tell.
  const client = createRpcClient(ExecutorService, {
    addresses: floe.endpoints.executors,
    name: 'executor',
  });
  await eventually(
    async () => (await client.getStatus({})).slots.every((slot) => slot.runId === ''),
    { withinMs: 20_000 },
  );
  client.close();
  const [counted] = await floe.sql<{ rows: string; different: string }>(
    'select count(*) as rows, count(distinct n) as different from public.zombie_target',
  );
  expect(counted).toEqual({ rows: String(ROWS), different: String(ROWS) });
  expect((await floe.client.getRun(run.runId)).state).toBe('RUN_STATE_SUCCEEDED');
  const report = await floe.client.getRunReport(run.runId);
  expect(report.lostAttemptCount).toBe(1);
  const { taskRuns } = await floe.client.listTaskRuns(run.runId);
  expect(taskRuns.map(({ state }) => state)).toEqual([
    'TASK_STATE_SUCCEEDED',
    'TASK_STATE_SUCCEEDED',
  ]);
});
