/** Executors that differ in what they offer: work goes where it can be done, soon, and says why when it can nowhere. */
import { serviceSpec, startChild, type RunningChild } from '@floe/embedded';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const GPU_EXECUTOR = 'executor-gpu';
// A labelled task is told to who offers the label; this also holds the start of the run and two commits.
const TAKEN_WITHIN_MS = 2_000;
const RUNS = 20;

const LABELLED = `name: labelled
tasks:
  anywhere: { type: noop }
  gpu: { type: noop, labels: [gpu], needs: [anywhere] }
`;

const NOWHERE = `name: nowhere
defaults: { labels: [tpu, gpu], queue_timeout: 4s }
tasks:
  hopeless: { type: noop }
  free: { type: noop, labels: [] }
`;

let floe: TestFloe;
let gpu: RunningChild;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 2, slots: 1 });
  const { nats, metadata, reporting, scheduler } = floe.endpoints;
  const settings = {
    FLOE_NATS_URL: nats,
    FLOE_METADATA_ADDRESS: metadata,
    FLOE_SCHEDULER_ADDRESS: scheduler,
    FLOE_REPORTING_ADDRESS: reporting,
    FLOE_EXECUTOR_LISTEN: '127.0.0.1:0',
    FLOE_EXECUTOR_SLOTS: '1',
    FLOE_EXECUTOR_ID: GPU_EXECUTOR,
    FLOE_EXECUTOR_LABELS: 'gpu,big-memory',
  };
  const { stateDir } = floe;
  const base = process.env;
  gpu = await startChild(
    serviceSpec({ app: 'executor', name: GPU_EXECUTOR, stateDir, settings, base }),
  );
  await eventually(
    async () => {
      const executors = await floe.client.listExecutors();
      const offered = executors.find(({ executorId }) => executorId === GPU_EXECUTOR)?.labels;
      expect(offered).toEqual(['gpu', 'big-memory']);
    },
    { withinMs: 20_000 },
  );
  await floe.client.applyWorkflow(LABELLED);
  await floe.client.applyWorkflow(NOWHERE);
});

afterAll(async () => {
  await gpu?.stop();
  await floe?.[Symbol.asyncDispose]();
});

test('a task with a label runs where the label is offered, soon, also while others look for work', async () => {
  let slowestMs = 0;
  for (let count = 0; count < RUNS; count += 1) {
    const { run } = await floe.client.startRun({ workflowName: 'labelled' });
    const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 20_000 });
    expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
    const { taskRuns } = await floe.client.listTaskRuns(run.runId);
    const task = taskRuns.find(({ taskId }) => taskId === 'gpu')!;
    expect(task.attempts.map(({ executorId }) => executorId)).toEqual([GPU_EXECUTOR]);
    const waitedMs = Date.parse(task.startTime!) - Date.parse(task.readyTime!);
    slowestMs = Math.max(slowestMs, waitedMs);
  }
  expect(slowestMs).toBeLessThan(TAKEN_WITHIN_MS);
});

test('a task that nobody can take says so, and ends by its queue timeout', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'nowhere' });
  const why = 'no executor of pool default offers label tpu';
  await eventually(
    async () => {
      const { taskRuns } = await floe.client.listTaskRuns(run.runId);
      expect(taskRuns.map(({ waitingReason }) => waitingReason)).toEqual([why, undefined]);
    },
    { withinMs: 3_500 },
  );
  expect((await floe.floe(['runs', 'get', run.runId])).stdout).toContain(why);
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 20_000 });
  expect(ended.state).toBe('RUN_STATE_FAILED');
  expect(ended.failure).toMatchObject({ code: 'QUEUE_TIMEOUT', taskId: 'hopeless' });
  const { taskRuns } = await floe.client.listTaskRuns(run.runId);
  expect(taskRuns[1]!.state).toBe('TASK_STATE_SUCCEEDED');
});
