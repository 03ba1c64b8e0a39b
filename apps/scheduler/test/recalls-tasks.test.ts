// Rows that went missing are made again: the rule of the engine on the real store, and the trigger that guards ends.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FinishAttemptRequest, type AttemptLease } from '@floe/rpc/internal-contracts';
import { applied, stateOf } from './applied-workflow.ts';
import {
  exchange,
  finish,
  SchedulerFixture,
  startRequest,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
  await applied(
    fixture,
    `
name: handed-on
tasks:
  rows: { type: file_extract, path: rows.csv }
  kept: { type: check, inputs: [rows], rules: [{ row_count: { min: 1 } }] }
`,
  );
});

afterAll(async () => {
  await fixture.stop();
});

/** The next attempt of the run; what other tests have left ready is dropped. */
async function takeSlot(runId: string): Promise<AttemptLease> {
  const { leases } = await exchange(scheduler, { free: { slot: 1, light: 0 } });
  const [lease] = leases;
  if (lease === undefined) throw new Error(`no attempt of run ${runId} is ready`);
  return lease.runId === runId ? lease : takeSlot(runId);
}

function made(lease: AttemptLease, uri: string): FinishAttemptRequest {
  const datasetJson = JSON.stringify({ uri, rows: 3, bytes: 30, schema: [] });
  const value = { rows: 3n, bytes: 30n, datasetJson };
  return FinishAttemptRequest.create({ ...lease, outcome: { $case: 'succeeded', value } });
}

function missing(lease: AttemptLease, task: string): FinishAttemptRequest {
  const failure = { code: 'DATASET_MISSING', message: 'gone', details: { task } };
  const value = { failure, retryable: true };
  return FinishAttemptRequest.create({ ...lease, outcome: { $case: 'failed', value } });
}

async function whenGone(): Promise<string> {
  const { run } = await scheduler.runs.startRun(startRequest('handed-on'));
  const { runId } = run!;
  await finish(scheduler, made(await takeSlot(runId), 'file:///first'));
  await finish(scheduler, missing(await takeSlot(runId), 'rows'));
  return runId;
}

type Row = { task_id: string; state: string; generation: number; dataset: { uri: string } | null };

function rowsOf(runId: string): Promise<Row[]> {
  const text = 'select task_id, state, generation, dataset from task_run where run_id = $1';
  return fixture.query(`${text} order by task_index`, [runId]);
}

test('the task that made the rows is given out again, and then the one that missed them', async () => {
  const runId = await whenGone();
  expect(await rowsOf(runId)).toEqual([
    { task_id: 'rows', state: 'ready', generation: 2, dataset: null },
    { task_id: 'kept', state: 'pending', generation: 1, dataset: null },
  ]);
  const again = await takeSlot(runId);
  expect(again).toMatchObject({ taskId: 'rows', epoch: 2n, attemptNumber: 1 });
  await finish(scheduler, made(again, 'file:///second'));
  const kept = await takeSlot(runId);
  expect(kept.taskId).toBe('kept');
  expect(JSON.parse(kept.task!.inputs[0]!.datasetJson)).toMatchObject({ uri: 'file:///second' });
  await finish(scheduler, made(kept, 'file:///second'));
  expect(await stateOf(fixture, runId)).toBe('succeeded');
});

test('another scheduler goes on with it, from what is stored', async () => {
  const runId = await whenGone();
  const first = scheduler;
  scheduler = await fixture.startScheduler();
  await finish(scheduler, missing(await takeSlot(runId), 'nothing'));
  expect((await rowsOf(runId))[0]).toMatchObject({ state: 'failed', generation: 2 });
  scheduler = first;
});

test('subscribers hear that a task was recalled, and the database counts as they do', async () => {
  const runId = await whenGone();
  const events = await fixture.query<{ type: string; task: number; at: string }>(
    `select e ->> 'type' as type, (e ->> 'task')::int as task
     from run_event_batch b, json_array_elements(b.events) with ordinality as list(e, place)
     where run_id = $1 order by first_sequence, place`,
    [runId],
  );
  expect(events.map(({ type, task }) => `${type} ${task}`).slice(-3)).toEqual([
    'task.pending 1',
    'task.recalled 0',
    'task.ready 0',
  ]);
});

test('the database lets an end be taken back only by a new generation of what had succeeded', async () => {
  const runId = await whenGone();
  await finish(scheduler, made(await takeSlot(runId), 'file:///second'));
  const change = (set: string) =>
    fixture.query(`update task_run set ${set} where run_id = $1 and task_id = 'rows'`, [runId]);
  await expect(change(`state = 'pending'`)).rejects.toThrow('cannot become');
  await expect(change(`state = 'failed'`)).rejects.toThrow('cannot become');
  await expect(change(`state = 'ready', generation = 1`)).rejects.toThrow('cannot become');
});
