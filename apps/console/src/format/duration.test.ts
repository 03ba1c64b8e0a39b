import { describe, expect, test } from 'vitest';
import { elapsedMs, formatDuration } from './duration.ts';

describe('formatDuration', () => {
  test.each([
    [0, '0 ms'],
    [340.4, '340 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [3_449, '3.4 s'],
    [9_960, '9.9 s'],
    [42_400, '42.4 s'],
    [59_970, '59.9 s'],
    [60_000, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_720_000, '1 h 02 m'],
    [183_600_000, '2 d 3 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('writes a negative length as nothing, for clocks disagree', () => {
    expect(formatDuration(-5)).toBe('0 ms');
  });
});

describe('elapsedMs', () => {
  const start = '2026-01-01T00:00:00.000Z';
  const nowMs = Date.parse('2026-01-01T00:00:09.000Z');

  test('counts to the end when there is one', () => {
    expect(elapsedMs(start, '2026-01-01T00:00:02.500Z', nowMs)).toBe(2_500);
  });

  test('counts to now while there is no end', () => {
    expect(elapsedMs(start, undefined, nowMs)).toBe(9_000);
  });

  test('is unknown before the start', () => {
    expect(elapsedMs(undefined, undefined, nowMs)).toBeUndefined();
  });

  test('never goes below zero when the clock of the browser is behind', () => {
    expect(elapsedMs(start, undefined, Date.parse(start) - 1_000)).toBe(0);
  });
});
