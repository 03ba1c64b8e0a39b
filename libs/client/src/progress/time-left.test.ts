import { expect, test } from 'vitest';
import type { Run, TaskRun } from '../run-types.ts';
import { pastTasks, type PastTask } from './past-runs.ts';
import { runLeftMs, taskLeft, type RunProgress } from './time-left.ts';

const START = '2026-01-01T00:00:00Z';
const now = (ms: number) => Date.parse(START) + ms;

const run: Run = {
  runId: 'r',
  workflowName: 'w',
  workflowVersion: 1,
  state: 'RUN_STATE_RUNNING',
  createTime: START,
  trigger: 'TRIGGER_KIND_MANUAL',
  rowsLoaded: '0',
  traceId: '',
  traceUrl: '',
  sequence: '1',
  generation: 1,
  retryOfRunId: '',
  parentRunId: '',
};

function task(taskId: string, changes: Partial<TaskRun>): TaskRun {
  return {
    runId: 'r',
    taskId,
    type: 'postgres_extract',
    state: 'TASK_STATE_PENDING',
    upstreamTaskIds: [],
    attemptCount: 1,
    recomputeCount: 0,
    cachedFromRunId: '',
    rows: '0',
    bytes: '0',
    peakMemoryBytes: '0',
    attempts: [],
    rowsUncounted: false,
    ...changes,
  };
}

const running = (taskId: string, changes: Partial<TaskRun> = {}): TaskRun =>
  task(taskId, { state: 'TASK_STATE_RUNNING', startTime: START, ...changes });

type Past = Readonly<Record<string, PastTask>>;

function view(tasks: readonly TaskRun[], past: Past = {}, usualMs?: number): RunProgress {
  return {
    run,
    tasks: new Map(tasks.map((each) => [each.taskId, each])),
    past: { tasks: new Map(Object.entries(past)), ...(usualMs !== undefined && { usualMs }) },
  };
}

test('a task goes by the rows that it made last time, at the speed of now', () => {
  const rows = running('rows', { rows: '250000' });
  const seen = view([rows], { rows: { rows: 1_000_000, ms: 99 } });
  expect(taskLeft(rows, seen, now(2_000))).toEqual({ done: 0.25, ms: 6_000 });
});

test('a load goes by the rows that its task has made, on the first run too', () => {
  const made = task('rows', { state: 'TASK_STATE_SUCCEEDED', rows: '2000000' });
  const load = running('store', {
    type: 'postgres_load',
    upstreamTaskIds: ['rows'],
    rows: '500000',
  });
  expect(taskLeft(load, view([made, load]), now(1_000))).toEqual({ done: 0.25, ms: 3_000 });
  const uncounted = { ...made, rowsUncounted: true };
  expect(taskLeft(load, view([uncounted, load]), now(1_000))).toEqual({});
});

test('a task without rows goes by the time it took, until it takes longer', () => {
  const sort = running('sort');
  const seen = view([sort], { sort: { rows: 5, ms: 10_000 } });
  expect(taskLeft(sort, seen, now(4_000))).toEqual({ ms: 6_000 });
  expect(taskLeft(sort, seen, now(11_000))).toEqual({});
});

test('more rows than last time are no reason to say anything', () => {
  const rows = running('rows', { rows: '250000' });
  expect(taskLeft(rows, view([rows], { rows: { rows: 200_000, ms: 99 } }), now(2_000))).toEqual({});
});

test('a run takes as long as the longest way through what is left, in whatever order it is written', () => {
  const past = {
    a: { rows: 0, ms: 10_000 },
    b: { rows: 0, ms: 5_000 },
    c: { rows: 0, ms: 1_000 },
  };
  const tasks = [task('c', { upstreamTaskIds: ['b', 'a'] }), task('b', {}), running('a')];
  expect(runLeftMs(view(tasks, past), now(2_000))).toBe(8_000 + 1_000);
  const ended = tasks.map((each) => ({ ...each, state: 'TASK_STATE_SUCCEEDED' as const }));
  expect(runLeftMs(view(ended, past), now(2_000))).toBeUndefined();
});

test('a run with a task that nobody knows has no end that anybody knows', () => {
  const tasks = [running('a'), task('b', { upstreamTaskIds: ['a'] })];
  expect(runLeftMs(view(tasks, { a: { rows: 0, ms: 10_000 } }), now(0))).toBeUndefined();
});

test('a chain of ten thousand tasks is walked without running out of stack', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
  const tasks = ids.map((id, index) =>
    task(id, { upstreamTaskIds: index === 0 ? [] : [ids[index - 1]!] }),
  );
  const past = Object.fromEntries(ids.map((id) => [id, { rows: 0, ms: 2 }]));
  expect(runLeftMs(view(tasks.toReversed(), past), now(0))).toBe(20_000);
});

test('items that are left take as long as those before them', () => {
  const items = { total: 10, succeeded: 3, failed: 1 };
  const each = running('each', { items, rows: '5000' });
  expect(taskLeft(each, view([each]), now(8_000))).toEqual({ done: 0.4, ms: 12_000 });
  expect(runLeftMs(view([each]), now(8_000))).toBe(12_000);
  const none = running('each', { items: { total: 10, succeeded: 0, failed: 0 } });
  expect(taskLeft(none, view([none]), now(8_000))).toEqual({});
});

test('items that another run has done tell nothing about the speed of this one', () => {
  const items = { total: 10, succeeded: 9, failed: 0 };
  const each = running('each', { items });
  const seen = view([each], { each: { rows: 0, ms: 10_000 } }, 20_000);
  const again = { ...seen, run: { ...run, retryOfRunId: 'q' } };
  expect(taskLeft(each, again, now(4_000))).toEqual({ ms: 6_000 });
});

test('the speed is that of the attempt that makes the rows', () => {
  const claimTime = '2026-01-01T00:00:10Z';
  const attempts = [{ number: 2, claimTime } as TaskRun['attempts'][number]];
  const rows = running('rows', { rows: '500000', attempts });
  const seen = view([rows], { rows: { rows: 1_000_000, ms: 99 } });
  expect(taskLeft(rows, seen, now(12_000))).toEqual({ done: 0.5, ms: 2_000 });
});

test('where some task is not known, a run takes as long as is usual, and once that is over nobody knows', () => {
  const tasks = [running('a'), task('b', { upstreamTaskIds: ['a'] })];
  const seen = view(tasks, { a: { rows: 0, ms: 1_000 } }, 10_000);
  expect(runLeftMs(seen, now(4_000))).toBe(6_000);
  expect(runLeftMs(seen, now(11_000))).toBeUndefined();
  expect(runLeftMs({ ...seen, run: { ...run, retryOfRunId: 'q' } }, now(4_000))).toBeUndefined();
});

test('nothing is said of a run that is paused, or that waits for a person', () => {
  const past = { a: { rows: 0, ms: 10_000 } };
  const paused = { ...run, state: 'RUN_STATE_PAUSED' as const };
  expect(runLeftMs({ ...view([running('a')], past), run: paused }, now(0))).toBeUndefined();
  const asked = [running('a'), task('b', { type: 'approval', upstreamTaskIds: ['a'] })];
  expect(runLeftMs(view(asked, past, 60_000), now(0))).toBeUndefined();
});

test('of a past run counts what it did itself, and not how long somebody took to answer', () => {
  const endTime = '2026-01-01T00:00:04Z';
  const ended = { state: 'TASK_STATE_SUCCEEDED', startTime: START, endTime, rows: '7' } as const;
  const tasks = [
    task('did', ended),
    task('knew', { ...ended, cachedFromRunId: 'q' }),
    task('asked', { ...ended, type: 'approval' }),
    task('skipped', { state: 'TASK_STATE_SKIPPED' }),
  ];
  expect([...pastTasks(tasks)]).toEqual([
    ['did', { rows: 7, ms: 4_000 }],
    ['skipped', { rows: 0, ms: 0 }],
  ]);
});
