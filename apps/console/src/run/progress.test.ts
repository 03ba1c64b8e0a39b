import { describe, expect, test } from 'vitest';
import { someTask } from './fixtures.ts';
import { rowsPerSecond } from './progress.ts';

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
