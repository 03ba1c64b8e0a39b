// Tasks that one attempt carries out, on real PostgreSQL: what the lease says, and what becomes of each task.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FinishAttemptRequest, type AttemptLease } from '@floe/rpc/internal-contracts';
import { CancelRunRequest, PauseRunRequest, ResumeRunRequest } from '@floe/rpc/contracts';
import { RetryRunRequest } from '@floe/rpc/contracts';
import { applied, settled, stateOf, takeAll, tasksOf } from './applied-workflow.ts';
import {
  SchedulerFixture,
  exchange,
  startRequest,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
});

afterAll(async () => {
  await fixture.stop();
});

let serial = 0;

/** A run of an extract, whose dataset is there, and three transforms of which the last may fail. */
async function started(fields = ''): Promise<string> {
  serial += 1;
  const name = await applied(
    fixture,
    `
name: staged-${serial}
tasks:
  rows: { type: file_extract, path: rows.csv }
  a: { type: expression_transform, inputs: [rows], polars: 'rows.filter(pl.col("v") > 1)' }
  b: { type: expression_transform, inputs: [a], polars: 'a.with_columns(w=pl.col("v") * 2)'${fields} }
  c: { type: expression_transform, inputs: [b], polars: 'b.cast({"w": pl.Int8})' }
`,
  );
  const { run } = await scheduler.runs.startRun(startRequest(name));
  const [extract] = await takeAll(scheduler, run!.runId);
  await exchange(scheduler, { free: NOTHING, finished: [ended(extract!, [], true)] });
  return run!.runId;
}

const NOTHING = { slot: 0, light: 0 };

function dataset(name: string): string {
  return JSON.stringify({ uri: `file:///data/${name}.ipc`, rows: 3, bytes: 30, schema: [] });
}

function success(name: string, isStored: boolean) {
  const rows = { rows: 3n, bytes: 30n, failedItems: [], voided: false, rowsUncounted: false };
  const value = { ...rows, datasetJson: isStored ? dataset(name) : '' };
  return { $case: 'succeeded' as const, value };
}

const BROKEN = {
  $case: 'failed' as const,
  value: {
    failure: { code: 'TRANSFORM_FAILED', message: 'broken', taskId: '', details: {}, hint: '' },
    retryable: false,
    cancelled: false,
    lost: false,
    timedOut: false,
  },
};

type FollowerEnd = {
  readonly taskId: string;
  readonly outcome: ReturnType<typeof success> | typeof BROKEN;
};

function ended(
  { runId, taskId, epoch, token }: AttemptLease,
  followers: readonly FollowerEnd[],
  isStored = false,
): FinishAttemptRequest {
  const outcome = success(taskId, isStored);
  return FinishAttemptRequest.create({
    runId,
    taskId,
    epoch,
    token,
    outcome,
    followers: [...followers],
    peakMemoryBytes: 7n,
  });
}

const GOOD = (taskId: string, isStored = false) => ({ taskId, outcome: success(taskId, isStored) });

async function attemptsOf(runId: string) {
  return fixture.query<Record<string, unknown>>(
    `select task_id, a.epoch, a.state, a.executor_id, a.rows, a.lease_until, a.claimed_at <= a.ended_at as ordered
     from attempt a join task_run using (run_id, task_index) where run_id = $1 order by task_index, a.epoch`,
    [runId],
  );
}

test('ends each task as an attempt of its own, with the outcome of one', async () => {
  const runId = await started();
  const [lease, ...others] = await takeAll(scheduler, runId);
  expect(others).toEqual([]);
  expect(lease?.followers.map(({ taskId, epoch }) => `${taskId} ${epoch}`)).toEqual(['b 1', 'c 1']);
  expect(lease?.task?.timeoutMs).toBe(3n * lease!.followers[0]!.task!.timeoutMs);
  const finished = [ended(lease!, [GOOD('b'), GOOD('c', true)])];
  expect((await exchange(scheduler, { free: NOTHING, finished })).accepted).toEqual([true]);
  expect(await tasksOf(fixture, runId)).toBe('rows:succeeded a:succeeded b:succeeded c:succeeded');
  expect(await stateOf(fixture, runId)).toBe('succeeded');
  const state = { epoch: 1, state: 'succeeded', lease_until: null, ordered: true, rows: 3 };
  expect((await attemptsOf(runId)).slice(1)).toEqual(
    ['a', 'b', 'c'].map((task_id) => ({ ...state, task_id, executor_id: 'executor-1' })),
  );
  // The answer was lost: the same end again changes nothing and is accepted.
  expect((await exchange(scheduler, { free: NOTHING, finished })).accepted).toEqual([true]);
  expect((await attemptsOf(runId)).length).toBe(4);
});

test('tells the events of each task in order', async () => {
  const runId = await started();
  const [lease] = await takeAll(scheduler, runId);
  const finished = [ended(lease!, [GOOD('b'), GOOD('c', true)])];
  await exchange(scheduler, { free: NOTHING, finished });
  const [row] = await fixture.query<{ types: string[] }>(
    `select array_agg(e ->> 'type' order by first_sequence, at) as types from run_event_batch,
       json_array_elements(events) with ordinality as each (e, at)
     where run_id = $1 and (e ->> 'task')::int = 2`,
    [runId],
  );
  expect(row?.types).toEqual(['task.ready', 'task.running', 'task.succeeded']);
});

test('fails the task that failed, and does it again alone where it may pass', async () => {
  const runId = await started();
  const [lease] = await takeAll(scheduler, runId);
  const finished = [ended(lease!, [GOOD('b', true), { taskId: 'c', outcome: BROKEN }], true)];
  await exchange(scheduler, { free: NOTHING, finished });
  expect(await tasksOf(fixture, runId)).toBe('rows:succeeded a:succeeded b:succeeded c:failed');
  const [row] = await fixture.query<{ failure: unknown }>(
    `select failure from task_run where run_id = $1 and task_id = 'c'`,
    [runId],
  );
  expect(row?.failure).toMatchObject({ code: 'TRANSFORM_FAILED', taskId: 'c' });
});

test('drops what a paused run does not want, and does it later from what is stored', async () => {
  const runId = await started();
  const [lease] = await takeAll(scheduler, runId);
  await scheduler.runs.pauseRun(PauseRunRequest.create({ runId }));
  const finished = [ended(lease!, [GOOD('b'), GOOD('c', true)])];
  expect((await exchange(scheduler, { free: NOTHING, finished })).accepted).toEqual([true]);
  expect(await tasksOf(fixture, runId)).toBe('rows:succeeded a:succeeded b:ready c:pending');
  await scheduler.runs.resumeRun(ResumeRunRequest.create({ runId }));
  const [again] = await settled(
    () => takeAll(scheduler, runId),
    (leases) => leases.length > 0,
  );
  expect(again?.taskId).toBe('b');
  expect(again?.makers.map(({ taskId }) => taskId)).toEqual(['a']);
  expect(again?.followers.map(({ taskId }) => taskId)).toEqual(['c']);
  expect(again?.makers[0]?.task?.inputs[0]?.datasetJson).toBe(dataset('rows'));
  const next = [ended(again!, [GOOD('c', true)])];
  await exchange(scheduler, { free: NOTHING, finished: next });
  expect(await stateOf(fixture, runId)).toBe('succeeded');
});

test('ends nothing of a run that is cancelled besides what ran', async () => {
  const runId = await started();
  const [lease] = await takeAll(scheduler, runId);
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: 'enough' }));
  const finished = [ended(lease!, [GOOD('b'), GOOD('c', true)])];
  await exchange(scheduler, { free: NOTHING, finished });
  expect(await tasksOf(fixture, runId)).toBe('rows:succeeded a:succeeded b:cancelled c:cancelled');
  expect((await attemptsOf(runId)).map(({ task_id }) => task_id)).toEqual(['rows', 'a']);
});

test('takes the outcomes of nobody but the followers of the lease', async () => {
  const runId = await started();
  const [lease] = await takeAll(scheduler, runId);
  const forged = { ...ended(lease!, [GOOD('b')]), token: `forged ${lease!.token}` };
  expect((await exchange(scheduler, { free: NOTHING, finished: [forged] })).accepted).toEqual([
    false,
  ]);
  const strange = [ended(lease!, [GOOD('c', true), GOOD('rows'), GOOD('nobody')])];
  expect((await exchange(scheduler, { free: NOTHING, finished: strange })).accepted).toEqual([
    true,
  ]);
  expect(await tasksOf(fixture, runId)).toBe('rows:succeeded a:succeeded b:ready c:pending');
});

test('retries from a task in the middle: those before it keep their results and are computed again', async () => {
  const runId = await started();
  const [lease] = await takeAll(scheduler, runId);
  const finished = [ended(lease!, [GOOD('b'), GOOD('c', true)])];
  await exchange(scheduler, { free: NOTHING, finished });
  const request = RetryRunRequest.create({ runId, fromTaskId: 'c' });
  const { run } = await scheduler.runs.retryRun(request);
  const [again] = await settled(
    () => takeAll(scheduler, run!.runId),
    (leases) => leases.length > 0,
  );
  expect(again?.taskId).toBe('c');
  expect(again?.makers.map(({ taskId }) => taskId)).toEqual(['a', 'b']);
  expect(again?.followers).toEqual([]);
});

test('gives the same followers again when the answer was lost', async () => {
  const runId = await started();
  const token = `token of a lost answer ${runId}`;
  const free = { slot: 8, light: 8 };
  await exchange(scheduler, { free, token });
  const { leases } = await exchange(scheduler, { free, token, repeated: true });
  const lease = leases.find((each) => each.runId === runId);
  expect(lease?.followers.map(({ taskId }) => taskId)).toEqual(['b', 'c']);
});

test('carries out by itself what is to be stored', async () => {
  const runId = await started(', materialize: true');
  const [lease] = await takeAll(scheduler, runId);
  expect(lease?.followers.map(({ taskId }) => taskId)).toEqual(['b']);
});
