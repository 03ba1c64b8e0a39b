// Hunts slots that are lost, doubled or moved where the clock on the wall jumps: 24 zones, 6 shapes, 5 years.
import { describe, expect, test } from 'vitest';
import {
  createZones,
  defaultClockChange,
  parseCron,
  slotsBetween,
  type ClockChange,
} from '../src/index.ts';
import { dueInstants, offsetsOf, type OracleRules, type Wall } from './oracle.ts';

const FROM = Date.UTC(2021, 0, 1);
const TO = Date.UTC(2026, 0, 1);

// Changes at midnight (Havana, Beirut, Cairo), by half an hour (Lord Howe), twice a year for Ramadan (Casablanca), no
// longer (Tehran, Amman, Asuncion, Apia), on a day of their own (Gaza, Nuuk), and offsets of 15 minutes.
const ZONES = [
  'UTC',
  'Europe/Oslo',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Lisbon',
  'Europe/Chisinau',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/Havana',
  'America/St_Johns',
  'America/Asuncion',
  'America/Nuuk',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'Asia/Gaza',
  'Asia/Amman',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Chatham',
  'Pacific/Apia',
];

type Shape = { line: string; matches: (wall: Wall) => boolean; rules: OracleRules };

const SHAPES: Shape[] = [
  {
    line: '*/15 * * * *',
    matches: ({ minute }) => minute % 15 === 0,
    rules: { gap: 'skip', overlap: 'both' },
  },
  {
    line: '*/30 1,2 * * *',
    matches: ({ minute, hour }) => minute % 30 === 0 && (hour === 1 || hour === 2),
    rules: { gap: 'run_after', overlap: 'both' },
  },
  {
    line: '30 2 * * *',
    matches: ({ minute, hour }) => minute === 30 && hour === 2,
    rules: { gap: 'run_after', overlap: 'first' },
  },
  {
    line: '0 0 * * *',
    matches: ({ minute, hour }) => minute === 0 && hour === 0,
    rules: { gap: 'run_after', overlap: 'first' },
  },
  {
    line: '20 23-23,0-3 L,15 * *',
    matches: ({ minute, hour, day, daysInMonth }) =>
      minute === 20 && (hour === 23 || hour <= 3) && (day === 15 || day === daysInMonth),
    rules: { gap: 'run_after', overlap: 'first' },
  },
  {
    line: '45 1 * mar,oct-nov sun#1,sunL',
    matches: ({ minute, hour, month, weekday, day, daysInMonth }) =>
      minute === 45 &&
      hour === 1 &&
      (month === 3 || month === 10 || month === 11) &&
      weekday === 0 &&
      (day <= 7 || day + 7 > daysInMonth),
    rules: { gap: 'run_after', overlap: 'first' },
  },
];

const zones = createZones();

function slotsOf(line: string, zoneName: string, rules?: ClockChange): number[] {
  const reading = parseCron(line);
  if (reading.kind === 'problem') throw new Error(reading.message);
  const clockChange = rules ?? defaultClockChange(reading.cron);
  const timetable = {
    kind: 'cron',
    cron: reading.cron,
    zone: zones.find(zoneName)!,
    clockChange,
  } as const;
  return [...slotsBetween(timetable, { from: FROM, before: TO })];
}

describe.each(ZONES)('%s', (zone) => {
  const offsets = offsetsOf(zone, FROM, TO);

  test.each(SHAPES)('$line', ({ line, matches, rules }) => {
    const expected = dueInstants(matches, { from: FROM, offsets, rules });
    expect(differences(slotsOf(line, zone), expected)).toEqual([]);
    expect(expected.length).toBeGreaterThan(20);
  });
});

const RULES: OracleRules[] = [
  { gap: 'run_after', overlap: 'first' },
  { gap: 'run_after', overlap: 'last' },
  { gap: 'run_after', overlap: 'both' },
  { gap: 'skip', overlap: 'first' },
  { gap: 'skip', overlap: 'last' },
  { gap: 'skip', overlap: 'both' },
];

describe.each(['America/New_York', 'Australia/Lord_Howe', 'America/Havana'])('%s', (zone) => {
  const offsets = offsetsOf(zone, FROM, TO);

  test.each(RULES)('keeps to the rules gap: $gap, overlap: $overlap', (rules) => {
    for (const { line, matches } of SHAPES) {
      const expected = dueInstants(matches, { from: FROM, offsets, rules });
      expect(differences(slotsOf(line, zone, rules), expected), line).toEqual([]);
    }
  });
});

/** The first instants that only one side has, readable. */
function differences(found: readonly number[], expected: readonly number[]): string[] {
  const [a, b] = [new Set(found), new Set(expected)];
  const extra = found.filter((slot) => !b.has(slot)).map((slot) => `+${iso(slot)}`);
  const missing = expected.filter((slot) => !a.has(slot)).map((slot) => `-${iso(slot)}`);
  const isOrdered = found.every((slot, index) => index === 0 || slot > found[index - 1]!);
  return [...extra, ...missing, ...(isOrdered ? [] : ['out of order'])].slice(0, 5);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
