// Vectors for the rules that libraries disagree on, and for what a search must not do: stall or go astray.
import { describe, expect, test } from 'vitest';
import { defaultClockChange } from './clock-change.ts';
import { parseCron } from './parse-cron.ts';
import { nextSlot, previousSlot, slotsBetween, type Timetable } from './timetable.ts';
import { createZones } from './zone.ts';

const zones = createZones();

function cron(line: string, zone = 'UTC', rules = {}): Timetable {
  const reading = parseCron(line);
  if (reading.kind === 'problem') throw new Error(reading.message);
  const clockChange = { ...defaultClockChange(reading.cron), ...rules };
  return { kind: 'cron', cron: reading.cron, zone: zones.find(zone)!, clockChange };
}

function slots(timetable: Timetable, from: string, before: string): string[] {
  const range = { from: Date.parse(from), before: Date.parse(before) };
  return [...slotsBetween(timetable, range)].map((slot) =>
    new Date(slot).toISOString().slice(0, 16),
  );
}

describe('New York', () => {
  const zone = 'America/New_York';
  const spring = ['2026-03-08T00:00-05:00', '2026-03-09T00:00-04:00'] as const;
  const autumn = ['2026-11-01T00:00-04:00', '2026-11-02T00:00-05:00'] as const;

  test('a time in the gap runs right after it, once (T3)', () => {
    expect(slots(cron('30 2 * * *', zone), ...spring)).toEqual(['2026-03-08T07:00']);
    expect(slots(cron('0,20,40 2 * * *', zone), ...spring)).toEqual(['2026-03-08T07:00']);
    expect(slots(cron('30 2 * * *', zone, { gap: 'skip' }), ...spring)).toEqual([]);
  });

  test('a time shown twice runs at the first, the last, or both', () => {
    expect(slots(cron('30 1 * * *', zone), ...autumn)).toEqual(['2026-11-01T05:30']);
    const last = cron('30 1 * * *', zone, { overlap: 'last' });
    expect(slots(last, ...autumn)).toEqual(['2026-11-01T06:30']);
    const both = cron('30 1 * * *', zone, { overlap: 'both' });
    expect(slots(both, ...autumn)).toEqual(['2026-11-01T05:30', '2026-11-01T06:30']);
  });

  test('a rhythm within the hour goes on through the repeated hour', () => {
    expect(slots(cron('*/30 1 * * *', zone), ...autumn)).toHaveLength(4);
    expect(slots(cron('0 * * * *', zone), ...autumn)).toHaveLength(25);
    expect(slots(cron('0 * * * *', zone), ...spring)).toHaveLength(23);
    expect(slots(cron('0,30 1 * * *', zone), ...autumn)).toHaveLength(2);
  });
});

test('a whole day that the calendar left out runs right after it', () => {
  const samoa = cron('0 6 * * *', 'Pacific/Apia');
  expect(slots(samoa, '2011-12-29T10:00Z', '2011-12-31T20:00Z')).toEqual([
    '2011-12-29T16:00',
    '2011-12-30T10:00',
    '2011-12-30T16:00',
    '2011-12-31T16:00',
  ]);
});

test('days of the month and weekdays together mean one of either, unless one begins with a star', () => {
  const either = slots(cron('0 0 13 * fri'), '2026-02-01T00:00Z', '2026-03-01T00:00Z');
  expect(either.map((slot) => slot.slice(8, 10))).toEqual(['06', '13', '20', '27']);
  const both = slots(cron('0 0 */2 * fri'), '2026-02-01T00:00Z', '2026-03-01T00:00Z');
  expect(both.map((slot) => slot.slice(8, 10))).toEqual(['13', '27']);
});

test('the last day, days before it, and counted weekdays', () => {
  const year = ['2028-01-01T00:00Z', '2028-05-01T00:00Z'] as const;
  const days = (line: string) => slots(cron(line), ...year).map((slot) => slot.slice(5, 10));
  expect(days('0 0 L * *')).toEqual(['01-31', '02-29', '03-31', '04-30']);
  expect(days('0 0 L-2 * *')).toEqual(['01-29', '02-27', '03-29', '04-28']);
  expect(days('0 0 * * mon#5')).toEqual(['01-31']);
  expect(days('0 0 * * friL')).toEqual(['01-28', '02-25', '03-31', '04-28']);
  expect(days('0 0 ? * 7#1')).toEqual(['01-02', '02-06', '03-05', '04-02']);
});

test('leap days are found over the longest pause, both ways', () => {
  const leap = cron('0 0 29 2 *');
  expect(nextSlot(leap, Date.UTC(2096, 2, 1))).toBe(Date.UTC(2104, 1, 29));
  expect(previousSlot(leap, Date.UTC(2104, 1, 29))).toBe(Date.UTC(2096, 1, 29));
});

test('what only ever falls into a skipped gap has no slot, and the search ends (T4)', () => {
  const never = cron('30 2 * 3 sunL', 'Europe/Oslo', { gap: 'skip' });
  expect(nextSlot(never, Date.UTC(2026, 0, 1))).toBeUndefined();
  expect(previousSlot(never, Date.UTC(2060, 0, 1))).toBeUndefined();
});

test('intervals count from 1970 and know no zone', () => {
  const timetable: Timetable = { kind: 'interval', everyMs: 90 * 60_000 };
  expect(slots(timetable, '2026-01-01T00:00Z', '2026-01-01T04:00Z')).toEqual([
    '2026-01-01T00:00',
    '2026-01-01T01:30',
    '2026-01-01T03:00',
  ]);
  expect(previousSlot(timetable, Date.parse('2026-01-01T01:30Z'))).toBe(Date.UTC(2026, 0, 1));
});

test('seconds', () => {
  const next = nextSlot(cron('*/20 * * * * *'), Date.parse('2026-01-01T00:00:00.500Z'));
  expect(next).toBe(Date.parse('2026-01-01T00:00:20Z'));
});
