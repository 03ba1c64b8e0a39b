import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GAP_RULES, OVERLAP_RULES } from './clock-change.ts';
import { slotDelayMs } from './jitter.ts';
import { parseCron } from './parse-cron.ts';
import { nextSlot, previousSlot, slotsBetween, type Timetable } from './timetable.ts';
import { createZones, zoneNames } from './zone.ts';

const zones = createZones();

const zone = fc.constantFrom(...zoneNames()).map((name) => zones.find(name)!);
const clockChange = fc.record({
  gap: fc.constantFrom(...GAP_RULES),
  overlap: fc.constantFrom(...OVERLAP_RULES),
});

function field(min: number, max: number) {
  const one = fc.integer({ min, max }).map(String);
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: max - min }).map((every) => `*/${every}`);
  const list = fc.array(fc.oneof(one, range), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    fc.constant('*'),
    step,
    list.map((parts) => parts.join(',')),
  );
}

const line = fc
  .tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '))
  .filter((text) => parseCron(text).kind === 'cron');

const timetable = fc.tuple(line, zone, clockChange).map(([text, at, rules]): Timetable => {
  const reading = parseCron(text);
  if (reading.kind === 'problem') throw new Error(reading.message);
  return { kind: 'cron', cron: reading.cron, zone: at, clockChange: rules };
});

const instant = fc
  .integer({ min: Date.UTC(1990, 0, 1) / 1_000, max: Date.UTC(2060, 0, 1) / 1_000 })
  .map((second) => second * 1_000);

test('next and previous are strict and undo each other (T2)', () => {
  const check = (table: Timetable, at: number) => {
    const next = nextSlot(table, at);
    if (next === undefined) return;
    expect(next).toBeGreaterThan(at);
    const previous = previousSlot(table, next);
    if (previous === undefined) return;
    expect(previous).toBeLessThanOrEqual(at);
    expect(nextSlot(table, previous)).toBe(next);
  };
  fc.assert(fc.property(timetable, instant, check), { numRuns: 2_000 });
});

test('a range is the same whether it is walked at once or in two parts (T1)', () => {
  const check = (table: Timetable, from: number, hours: number) => {
    const [middle, before] = [from + hours * 3_600_000, from + 48 * 3_600_000];
    const whole = [...take(slotsBetween(table, { from, before }), 500)];
    const parts = [
      ...slotsBetween(table, { from, before: middle }),
      ...slotsBetween(table, { from: middle, before }),
    ];
    expect(parts.slice(0, 500)).toEqual(whole);
  };
  const hours = fc.integer({ min: 0, max: 48 });
  fc.assert(fc.property(timetable, instant, hours, check), { numRuns: 60 });
});

test('a slot shows a time of the line, or is the end of a gap that holds one (T3)', () => {
  const check = (table: Timetable, at: number) => {
    const slot = nextSlot(table, at);
    if (slot === undefined || table.kind !== 'cron') return;
    const { start, offsetMs, offsetBeforeMs } = table.zone.stretchAt(slot);
    const wall = new Date(slot + offsetMs);
    const isShown =
      table.cron.hours.includes(wall.getUTCHours()) &&
      table.cron.minutes.includes(wall.getUTCMinutes()) &&
      table.cron.seconds.includes(wall.getUTCSeconds()) &&
      table.cron.months.has(wall.getUTCMonth() + 1);
    const isAfterGap = slot === start && offsetMs > offsetBeforeMs;
    expect(isShown || isAfterGap).toBe(true);
  };
  fc.assert(fc.property(timetable, instant, check), { numRuns: 2_000 });
});

test('jitter stays within its bound, is the same again, and spreads', () => {
  const check = (id: string, slot: number, jitterMs: number) => {
    const delay = slotDelayMs(id, slot, jitterMs);
    expect(delay).toBe(slotDelayMs(id, slot, jitterMs));
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThanOrEqual(jitterMs);
  };
  fc.assert(fc.property(fc.string(), instant, fc.integer({ min: 0, max: 86_400_000 }), check));
  const delays = Array.from({ length: 1_000 }, (_, day) =>
    slotDelayMs('sales.daily', day * 86_400_000, 999),
  );
  const quarters = [0, 1, 2, 3].map(
    (quarter) => delays.filter((delay) => Math.floor(delay / 250) === quarter).length,
  );
  for (const count of quarters) expect(count).toBeGreaterThan(180);
});

function* take<Value>(values: Iterable<Value>, count: number): Generator<Value> {
  let taken = 0;
  for (const value of values) {
    if (taken === count) return;
    taken += 1;
    yield value;
  }
}
