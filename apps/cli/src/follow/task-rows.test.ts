import type { TaskRun } from '@floe/client';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { taskRows } from './task-rows.ts';

const colors = pc.createColors(false);

const task: TaskRun = {
  runId: 'r',
  taskId: 'each',
  type: 'noop',
  state: 'TASK_STATE_RUNNING',
  upstreamTaskIds: [],
  attemptCount: 4,
  recomputeCount: 0,
  cachedFromRunId: '',
  rows: '0',
  bytes: '0',
  peakMemoryBytes: '0',
  attempts: [],
  rowsUncounted: false,
};

function remarkOf(changes: Partial<TaskRun>): string {
  const cell = taskRows([{ ...task, ...changes }], { now: 0, colors })[0]?.at(-1);
  return typeof cell === 'object' ? cell.text : '';
}

test('a task that is tried again says which attempt runs', () => {
  expect(remarkOf({})).toBe('attempt 4');
  expect(remarkOf({ attemptCount: 1 })).toBe('');
});

test('a task that no executor can take says why', () => {
  const waitingReason = 'no executor of pool default offers label gpu';
  expect(remarkOf({ attemptCount: 0, state: 'TASK_STATE_READY', waitingReason })).toBe(
    waitingReason,
  );
});

test('a task whose dataset had gone missing says that it was done again', () => {
  const changes = { attemptCount: 1, recomputeCount: 1, state: 'TASK_STATE_SUCCEEDED' } as const;
  expect(remarkOf(changes)).toBe('done again: its dataset had gone missing');
  expect(remarkOf({ ...changes, attemptCount: 2, recomputeCount: 3 })).toBe(
    'attempt 2, done again 3 times: its dataset had gone missing',
  );
});

test('a task whose result was known says which run made it', () => {
  const changes = {
    attemptCount: 0,
    cachedFromRunId: 'r0',
    state: 'TASK_STATE_SUCCEEDED',
  } as const;
  expect(remarkOf(changes)).toBe('from the cache: made by run r0');
});

test('a task with items says how many are done, not how many attempts that took', () => {
  expect(remarkOf({ items: { total: 4, succeeded: 1, failed: 0 } })).toBe('1 of 4 items');
  expect(remarkOf({ items: { total: 1, succeeded: 1, failed: 0 } })).toBe('1 of 1 item');
});

test('items that failed are counted, with the reason of the first', () => {
  const failure = { code: 'X', message: 'no such file', taskId: 'each', details: {}, hint: '' };
  const items = { total: 1200, succeeded: 1198, failed: 2 };
  expect(remarkOf({ state: 'TASK_STATE_FAILED', items, failure })).toBe(
    '1,198 of 1,200 items, 2 failed: no such file',
  );
});
