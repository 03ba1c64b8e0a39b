import { expect, test } from 'vitest';
import { formatInstant, formatLogTime } from './instant.ts';

const now = new Date(2026, 5, 15, 18, 0, 0);
const at = (...parts: readonly [number, number, number, number]) =>
  new Date(parts[0], parts[1], parts[2], parts[3], 4, 5, 67).toISOString();

test('formatInstant leaves the day out when it is today', () => {
  expect(formatInstant(at(2026, 5, 15, 9), now.getTime())).toBe('09:04:05');
});

test('formatInstant names the day when it is another one, and the year when that differs too', () => {
  expect(formatInstant(at(2026, 5, 14, 9), now.getTime())).toMatch(/14.*09:04:05/);
  expect(formatInstant(at(2026, 5, 14, 9), now.getTime())).not.toMatch(/2026/);
  expect(formatInstant(at(2025, 5, 14, 9), now.getTime())).toMatch(/2025.*09:04:05/);
});

test('formatLogTime keeps milliseconds', () => {
  expect(formatLogTime(at(2026, 5, 15, 9))).toBe('09:04:05.067');
});

test('writes instants in UTC where that is chosen, and goes by its days', () => {
  const nowMs = Date.parse('2026-01-01T00:30:00Z');
  expect(formatInstant('2026-01-01T00:10:00Z', nowMs, 'utc')).toBe('00:10:00Z');
  expect(formatInstant('2025-12-31T23:50:00Z', nowMs, 'utc')).toMatch(/31.*2025.*23:50:00Z$/);
  expect(formatLogTime('2026-01-01T00:10:00.067Z', 'utc')).toBe('00:10:00.067Z');
});
