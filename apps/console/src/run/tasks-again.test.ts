import { expect, test } from 'vitest';
import type { TaskRun } from '@floe/client';
import { tasksAgain } from './tasks-again.ts';

const task = (taskId: string, state: string, ...upstreamTaskIds: string[]): TaskRun =>
  ({ taskId, state: `TASK_STATE_${state}`, upstreamTaskIds }) as unknown as TaskRun;

const RUN = [
  task('end', 'UPSTREAM_FAILED', 'bad', 'good'),
  task('good', 'SUCCEEDED', 'begin'),
  task('begin', 'SUCCEEDED'),
  task('bad', 'FAILED', 'begin'),
  task('maybe', 'SKIPPED', 'begin'),
];

test('runs again what did not go well, whatever the order of the document', () => {
  expect(tasksAgain(RUN, '')).toEqual({ again: ['end', 'bad'], kept: ['good', 'begin', 'maybe'] });
});

test('runs again all that builds on the task that it goes on from', () => {
  expect(tasksAgain(RUN, 'good').again).toEqual(['end', 'good', 'bad']);
  expect(tasksAgain(RUN, 'begin').kept).toEqual([]);
});

test('takes a chain of many thousand tasks, the last one first', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    task(
      `t${index}`,
      index === 5_000 ? 'FAILED' : 'SUCCEEDED',
      ...(index === 0 ? [] : [`t${index - 1}`]),
    ),
  ).toReversed();
  const { again, kept } = tasksAgain(chain, '');
  expect([again.length, kept.length]).toEqual([5_000, 5_000]);
});
