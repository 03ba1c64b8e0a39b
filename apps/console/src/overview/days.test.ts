import { expect, test } from 'vitest';
import type { Run, RunState } from '@floe/client';
import { countDays, trendsOf } from './days.ts';

function runAt(at: Date, state: RunState, workflowName = 'a'): Run {
  return { createTime: at.toISOString(), state, workflowName } as Run;
}

test('counts runs by the local day, the last second of a day included', () => {
  const now = new Date(2026, 2, 29, 12);
  const runs = [
    runAt(new Date(2026, 2, 29, 0, 0, 0), 'RUN_STATE_SUCCEEDED'),
    runAt(new Date(2026, 2, 28, 23, 59, 59), 'RUN_STATE_FAILED'),
    runAt(new Date(2026, 2, 28, 0, 0, 0), 'RUN_STATE_RUNNING'),
    runAt(new Date(2026, 2, 27, 23, 59, 59), 'RUN_STATE_SUCCEEDED'),
  ];
  const days = countDays(runs, now, 2);
  expect(days.map(({ good, bad, other }) => [good, bad, other])).toEqual([
    [0, 1, 1],
    [1, 0, 0],
  ]);
});

test('puts the workflow with the most failures first', () => {
  const now = new Date();
  const trends = trendsOf([
    runAt(now, 'RUN_STATE_SUCCEEDED', 'b'),
    runAt(now, 'RUN_STATE_RUNNING', 'b'),
    runAt(now, 'RUN_STATE_TIMED_OUT', 'c'),
    runAt(now, 'RUN_STATE_SUCCEEDED', 'a'),
  ]);
  expect(trends.map(({ name, badCount, endedCount }) => [name, badCount, endedCount])).toEqual([
    ['c', 1, 1],
    ['a', 0, 1],
    ['b', 0, 1],
  ]);
});
