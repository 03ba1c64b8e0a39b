/**
 * Hunts whatever needs a person after a crash (P4): each kind of process is killed with SIGKILL in the middle of a run,
 * and the run finishes by itself, with the right rows.
 */
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { pidOf, childrenOf } from './support/processes.ts';
import {
  readReadyLine,
  startTestFloe,
  startUp,
  stopSupervisor,
  type TestFloe,
} from './support/test-floe.ts';

// Detection of a dead executor takes up to ten seconds, of lost hints up to twelve; the rest is restart and work.
const FINISH_WITHIN_MS = 60_000;
const ROWS = 50_000;

// The extract sleeps, so that there is a middle in which to kill.
const DOCUMENT = `name: killed
defaults: { retries: { max: 5, delay: 200ms, backoff: 1 } }
tasks:
  rows:
    type: postgres_extract
    connection: source
    query: |
      with pause as materialized (select pg_sleep(1.5)::text as slept)
      select r.id, r.bucket from public.kill_source r cross join pause
  counts:
    type: expression_transform
    inputs: [rows]
    polars: |
      rows.group_by("bucket").agg(
          pl.len().alias("rows"),
          pl.col("id").sum().alias("total"),
      )
  store:
    type: postgres_load
    inputs: [counts]
    connection: warehouse
    table: analytics.kill_target
    mode: append
`;

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 2, slots: 1 });
  await prepareConnections(floe);
  await floe.sql('create schema if not exists analytics');
  await floe.sql(
    `create table public.kill_source as
     select i::bigint as id, (i % 100)::bigint as bucket from generate_series(1, ${ROWS}) as i`,
  );
  await floe.sql('create table analytics.kill_target (bucket bigint, rows bigint, total bigint)');
  await floe.client.applyWorkflow(DOCUMENT);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

/** Starts a run, calls `kill` while its first task runs, holds the result against plain SQL, and gives the run's id. */
async function survives(kill: (runId: string) => Promise<void>): Promise<string> {
  await floe.sql('truncate analytics.kill_target');
  const { run } = await floe.client.startRun({ workflowName: 'killed' });
  await awaitTaskState(floe.client, run.runId, {
    taskId: 'rows',
    state: 'TASK_STATE_RUNNING',
    withinMs: 20_000,
  });
  await kill(run.runId);
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: FINISH_WITHIN_MS });
  expect(ended.failure).toBeUndefined();
  expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
  const wrong = await floe.sql(
    `with expected as (select bucket, count(*) as rows, sum(id)::bigint as total from public.kill_source group by bucket)
     (table expected except all table analytics.kill_target)
     union all (table analytics.kill_target except all table expected)`,
  );
  expect(wrong).toEqual([]);
  return run.runId;
}

/** The numbers of all events of a run, watched by the SDK until its end. */
async function sequencesOf(runId: string): Promise<number[]> {
  const sequences: number[] = [];
  for await (const update of floe.client.watchRun(runId))
    if (update.kind === 'event') sequences.push(Number(update.sequence));
  return sequences;
}

/** The executor that runs the first task. */
async function executorOf(runId: string): Promise<string> {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  const attempt = taskRuns.find(({ taskId }) => taskId === 'rows')?.attempts.at(-1);
  expect(attempt?.executorId).toBeTruthy();
  return attempt!.executorId;
}

/** That the kill hit what it was meant for. */
async function expectLostAttempt(runId: string): Promise<void> {
  expect((await floe.client.getRunReport(runId)).lostAttemptCount).toBe(1);
}

async function killProcess(name: string): Promise<void> {
  const pid = await pidOf(floe, name);
  process.kill(pid, 'SIGKILL');
  // Its supervisor starts another: the next test needs it.
  await eventually(async () => (await pidOf(floe, name)) !== pid, { withinMs: 30_000 });
}

describe('a run finishes with the right rows when', () => {
  test.each(['gateway', 'metadata', 'scheduler', 'reporting', 'nats', 'postgres'])(
    '%s is killed',
    async (name) => {
      let watched: Promise<number[]> | undefined;
      const runId = await survives(async (id) => {
        watched = sequencesOf(id);
        await killProcess(name);
      });
      // Who watched all the while was told all of it, in order and once, as who asks afterwards.
      const told = await watched;
      expect(told).toEqual(await sequencesOf(runId));
      expect(told).toEqual(told?.map((_, index) => index + 1));
    },
  );

  test('the executor that runs its task is killed', async () => {
    const runId = await survives(async (id) => killProcess(await executorOf(id)));
    await expectLostAttempt(runId);
  });

  test('the worker process that runs its task is killed', async () => {
    const runId = await survives(async (id) => {
      const workers = childrenOf(await pidOf(floe, await executorOf(id)));
      expect(workers.length).toBeGreaterThan(0);
      for (const pid of workers) process.kill(pid, 'SIGKILL');
    });
    await expectLostAttempt(runId);
  });

  test('the supervisor is killed, and the next floe up takes over', async () => {
    await survives(async () => {
      floe.supervisor.kill('SIGKILL');
    });
    const next = startUp(floe);
    try {
      await readReadyLine(next, floe.stateDir);
      await survives(async () => {});
    } finally {
      await stopSupervisor(next);
    }
  });
});
