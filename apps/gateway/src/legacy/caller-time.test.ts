import { expect, test } from 'vitest';
import { behindInstant, fromInstant, offsetMinutes, onUsersClock } from './caller-time.ts';

test.each([
  [undefined, 0],
  ['', 0],
  ['Z', 0],
  ['UTC', 0],
  ['+05:30', 330],
  ['UTC+05:30', 330],
  ['+0530', 330],
  ['-8', -480],
  ['-08:00', -480],
  ['5.5', 330],
  [5.5, 330],
  [330, 330],
  [-480, -480],
  ['330', 330],
  ['+14:00', 840],
])('reads the offset %j as %d minutes', (offset, minutes) => {
  expect(offsetMinutes(offset)).toBe(minutes);
});

test.each([['Europe/Oslo'], ['+25:00'], ['+05:75'], [100_000], [Number.NaN], [{}], ['--1']])(
  'refuses the offset %j',
  (offset) => {
    expect(() => offsetMinutes(offset)).toThrow('user_utc_offset must be an offset like +05:30');
  },
);

test('shows an instant on the clock of the user, over the end of a day', () => {
  expect(onUsersClock(new Date('2026-01-31T20:00:00Z'), 330)).toBe('2026-02-01T01:30:00.000');
  expect(onUsersClock(new Date('2026-01-01T03:00:00Z'), -480)).toBe('2025-12-31T19:00:00.000');
  expect(onUsersClock(undefined, 330)).toBeNull();
});

const bound = { name: 'start_date', offset: 330 };

test.each([
  ['2026-01-31', '2026-01-30T18:30:00.000Z', '2026-01-31T18:30:00.000Z'],
  ['2026-01-31 06:00', '2026-01-31T00:30:00.000Z', '2026-01-31T00:30:00.001Z'],
  ['2026-01-31T06:00:00.5', '2026-01-31T00:30:00.500Z', '2026-01-31T00:30:00.501Z'],
  ['2026-01-31T06:00:00Z', '2026-01-31T06:00:00.000Z', '2026-01-31T06:00:00.001Z'],
  ['2026-01-31T06:00:00+02:00', '2026-01-31T04:00:00.000Z', '2026-01-31T04:00:00.001Z'],
])('reads %s from its first instant to behind its last', (text, from, behind) => {
  expect(fromInstant(text, bound)?.toISOString()).toBe(from);
  expect(behindInstant(text, bound)?.toISOString()).toBe(behind);
});

test.each([['2026-13-01'], ['2026-02-01T25:00'], ['yesterday'], [5], [{}], ["' or 1=1"]])(
  'refuses %j as a date',
  (text) => {
    expect(() => fromInstant(text, bound)).toThrow(/^start_date must be a date like/);
  },
);
