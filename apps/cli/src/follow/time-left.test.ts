import type { Run, TaskRun } from '@floe/client';
import { expect, test } from 'vitest';
import { viewRun, type PastTask, type RunView } from './run-view.ts';
import { leftMs, taskLeft } from './time-left.ts';

const START = '2026-01-01T00:00:00Z';
const now = (ms: number) => Date.parse(START) + ms;

const run: Run = {
  runId: 'r',
  workflowName: 'w',
  workflowVersion: 1,
  state: 'RUN_STATE_RUNNING',
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

function view(tasks: readonly TaskRun[], past: Readonly<Record<string, PastTask>> = {}): RunView {
  return { ...viewRun(run, tasks), past: new Map(Object.entries(past)) };
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
  expect(leftMs(view(tasks, past), now(2_000))).toBe(8_000 + 1_000);
  const ended = tasks.map((each) => ({ ...each, state: 'TASK_STATE_SUCCEEDED' as const }));
  expect(leftMs(view(ended, past), now(2_000))).toBeUndefined();
});

test('a run with a task that nobody knows has no end that anybody knows', () => {
  const tasks = [running('a'), task('b', { upstreamTaskIds: ['a'] })];
  expect(leftMs(view(tasks, { a: { rows: 0, ms: 10_000 } }), now(0))).toBeUndefined();
});

test('a chain of ten thousand tasks is walked without running out of stack', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
  const tasks = ids.map((id, index) =>
    task(id, { upstreamTaskIds: index === 0 ? [] : [ids[index - 1]!] }),
  );
  const past = Object.fromEntries(ids.map((id) => [id, { rows: 0, ms: 2 }]));
  expect(leftMs(view(tasks.toReversed(), past), now(0))).toBe(20_000);
});
