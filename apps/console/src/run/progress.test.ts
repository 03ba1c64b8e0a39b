import { describe, expect, test } from 'vitest';
import { someRun, someTask } from './fixtures.ts';
import { itemsLeftMs, rowsPerSecond, runLeftMs } from './progress.ts';

const AT = '2026-01-01T00:00:00.000Z';
const START_MS = Date.parse(AT);
const running = { ...someTask('a', 'TASK_STATE_RUNNING'), startTime: AT, rows: '3000' };

describe('rowsPerSecond', () => {
  test('counts from when the attempt was claimed, not from the first one', () => {
    const claimTime = '2026-01-01T00:00:10.000Z';
    const attempt = { number: 2, claimTime } as (typeof running.attempts)[number];
    const again = { ...running, attempts: [attempt] };
    expect(rowsPerSecond(running, START_MS + 12_000)).toBe(250);
    expect(rowsPerSecond(again, START_MS + 12_000)).toBe(1_500);
  });

  test('is of the whole time of a task that has ended', () => {
    const ended = { ...running, endTime: '2026-01-01T00:00:03.000Z' };
    expect(rowsPerSecond(ended, START_MS + 60_000)).toBe(1_000);
  });

  test('is not said before there are rows and a little time', () => {
    expect(rowsPerSecond(running, START_MS + 49)).toBeUndefined();
    expect(rowsPerSecond({ ...running, rows: '0' }, START_MS + 5_000)).toBeUndefined();
  });
});

describe('itemsLeftMs', () => {
  const mapped = { ...running, items: { total: 10, succeeded: 3, failed: 1 } };

  test('takes the items that are left to be like those that are done', () => {
    expect(itemsLeftMs(mapped, START_MS + 8_000)).toBe(12_000);
  });

  test('says nothing before the first, after the last, and of an ended task', () => {
    const none = { ...mapped, items: { total: 10, succeeded: 0, failed: 0 } };
    const all = { ...mapped, items: { total: 10, succeeded: 10, failed: 0 } };
    for (const task of [none, all, { ...mapped, endTime: AT }]) {
      expect(itemsLeftMs(task, START_MS + 8_000)).toBeUndefined();
    }
  });
});

test('a run has as long to go as is usual, and nobody knows how long once that is over', () => {
  const run = { ...someRun('RUN_STATE_RUNNING', '1'), createTime: AT };
  expect(runLeftMs(run, 10_000, START_MS + 4_000)).toBe(6_000);
  expect(runLeftMs(run, 10_000, START_MS + 11_000)).toBeUndefined();
  expect(runLeftMs(run, undefined, START_MS)).toBeUndefined();
  expect(runLeftMs({ ...run, endTime: AT }, 10_000, START_MS)).toBeUndefined();
});
