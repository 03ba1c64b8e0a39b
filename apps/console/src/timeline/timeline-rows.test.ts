import { expect, test } from 'vitest';
import type { Attempt } from '@floe/client';
import { someTask } from '../run/fixtures.ts';
import { spanOf, spanOfAttempt, ticksOf, timelineRows } from './timeline-rows.ts';

const at = (ms: number) => new Date(1_000_000 + ms).toISOString();

function attempt(number: number, ready: number, claim?: number, end?: number): Attempt {
  return {
    number,
    state: end === undefined ? 'ATTEMPT_STATE_RUNNING' : 'ATTEMPT_STATE_SUCCEEDED',
    readyTime: at(ready),
    ...(claim !== undefined && { claimTime: at(claim) }),
    ...(end !== undefined && { endTime: at(end) }),
  } as Attempt;
}

const first = {
  ...someTask('first', 'TASK_STATE_SUCCEEDED'),
  attempts: [attempt(1, 0, 10, 50), attempt(2, 80, 90, 200)],
};
const waits = { ...someTask('waits', 'TASK_STATE_READY'), attempts: [attempt(1, 20)] };
const never = someTask('never', 'TASK_STATE_PENDING');

test('shows how long every attempt waited and ran', () => {
  const [row] = timelineRows([first], 1_000_300);
  expect(
    row?.segments.map(({ kind, attempt: n, startMs, endMs }) => [kind, n, startMs, endMs]),
  ).toEqual([
    ['queue', 1, 1_000_000, 1_000_010],
    ['run', 1, 1_000_010, 1_000_050],
    ['queue', 2, 1_000_080, 1_000_090],
    ['run', 2, 1_000_090, 1_000_200],
  ]);
});

test('lets what goes on reach up to now', () => {
  const [row] = timelineRows([waits], 1_000_300);
  expect(row?.segments).toMatchObject([{ kind: 'queue', endMs: 1_000_300 }]);
});

test('orders tasks by when they were ready, and puts those that never were last', () => {
  const rows = timelineRows([never, waits, first], 1_000_300);
  expect(rows.map(({ task }) => task.taskId)).toEqual(['first', 'waits', 'never']);
  expect(spanOf(rows, 1_000_000, 1_000_300)).toEqual({ startMs: 1_000_000, endMs: 1_000_300 });
});

test('spans one attempt with a little around it, or nothing', () => {
  const rows = timelineRows([first, waits], 1_000_300);
  expect(spanOfAttempt(rows, { taskId: 'first', attempt: 2 })).toEqual({
    startMs: 1_000_074,
    endMs: 1_000_206,
  });
  expect(spanOfAttempt(rows, { taskId: 'first', attempt: 3 })).toBeUndefined();
  expect(spanOfAttempt(rows, { taskId: '', attempt: 0 })).toBeUndefined();
});

test('puts marks at round distances, few enough to be read', () => {
  expect(ticksOf({ startMs: 0, endMs: 1_150 })).toEqual([0, 200, 400, 600, 800, 1_000]);
  for (const endMs of [1, 17, 950, 61_000, 7 * 864e5]) {
    expect(ticksOf({ startMs: 0, endMs }).length).toBeLessThanOrEqual(8);
  }
});
