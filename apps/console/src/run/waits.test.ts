import { expect, test } from 'vitest';
import type { TaskRun } from '@floe/client';
import { waitsOf } from './waits.ts';

const task = (taskId: string, more: Partial<TaskRun>): TaskRun =>
  ({ taskId, type: 'noop', state: 'TASK_STATE_READY', ...more }) as TaskRun;

const REASON = 'no executor of pool gpu is there';

test('tells what only people can do before the rest, and a reason of many tasks once', () => {
  const nextAttemptTime = '2026-11-27T10:00:00Z';
  const waits = waitsOf([
    task('later', { state: 'TASK_STATE_RETRYING', nextAttemptTime: '2026-11-27T11:00:00Z' }),
    task('flaky', { state: 'TASK_STATE_RETRYING', nextAttemptTime }),
    task('train', { waitingReason: REASON }),
    task('tune', { waitingReason: REASON }),
    task('ask', { type: 'approval', state: 'TASK_STATE_RUNNING' }),
  ]);
  expect(waits).toMatchObject([
    { taskId: 'ask', kind: 'answer' },
    { taskId: 'train', kind: 'executor', reason: REASON, othersCount: 1 },
    { taskId: 'flaky', kind: 'retry', until: nextAttemptTime, othersCount: 1 },
  ]);
});

test('tells nothing of tasks that run, wait for others, or have been answered', () => {
  expect(
    waitsOf([
      task('runs', { state: 'TASK_STATE_RUNNING' }),
      task('waits', { state: 'TASK_STATE_PENDING' }),
      task('ask', { type: 'approval', state: 'TASK_STATE_SUCCEEDED' }),
    ]),
  ).toEqual([]);
});
