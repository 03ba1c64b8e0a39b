/**
 * The slots of a timetable: the instants at which something is due. Instants are milliseconds since 1970 in UTC.
 *
 *   T1. Slots depend on the timetable alone: whoever asks, whenever, gets the same.
 *   T2. `next` and `previous` are strict, and undo each other: between two neighbours there is no slot.
 *   T3. Of a wall time in a gap, and of all of one gap together, at most one slot is made: the instant of the change.
 *   T4. A search has an end: beyond HORIZON_MS there is no slot.
 */
import type { Cron } from './cron.ts';
import { type ClockChange, gapBefore, wallWindow } from './clock-change.ts';
import { EARLIEST_MS, HORIZON_MS, LATEST_MS } from './limits.ts';
import { firstMatch, lastMatch } from './match-cron.ts';
import type { Stretch, Zone } from './zone.ts';

export type Timetable =
  | {
      readonly kind: 'cron';
      readonly cron: Cron;
      readonly zone: Zone;
      readonly clockChange: ClockChange;
    }
  /** Multiples of the interval since 1970-01-01T00:00Z: no clock on the wall plays a part. */
  | { readonly kind: 'interval'; readonly everyMs: number };

/** The first slot after an instant; undefined when none comes. */
export function nextSlot(timetable: Timetable, after: number): number | undefined {
  const from = Math.max(Math.floor(after / 1_000) * 1_000 + 1_000, EARLIEST_MS);
  if (timetable.kind === 'cron') return nextByCron(timetable, from);
  const next = (Math.floor(after / timetable.everyMs) + 1) * timetable.everyMs;
  return next < LATEST_MS ? next : undefined;
}

/** The last slot before an instant; undefined when there was none. */
export function previousSlot(timetable: Timetable, before: number): number | undefined {
  if (timetable.kind === 'cron') return previousByCron(timetable, Math.min(before, LATEST_MS));
  const previous = (Math.ceil(before / timetable.everyMs) - 1) * timetable.everyMs;
  return previous >= EARLIEST_MS ? previous : undefined;
}

/** Slots with `from <= slot < before`, in order, one by one: a range may hold millions. */
export function* slotsBetween(
  timetable: Timetable,
  { from, before }: { readonly from: number; readonly before: number },
): Generator<number, void, undefined> {
  let slot = nextSlot(timetable, from - 1);
  while (slot !== undefined && slot < before) {
    yield slot;
    slot = nextSlot(timetable, slot);
  }
}

type CronTimetable = Timetable & { readonly kind: 'cron' };

function nextByCron(timetable: CronTimetable, from: number): number | undefined {
  const horizon = Math.min(from + HORIZON_MS, LATEST_MS);
  let at = from;
  while (at < horizon) {
    const stretch = timetable.zone.stretchAt(at);
    const slot = firstOfStretch(timetable, stretch, at);
    if (slot !== undefined) return slot < LATEST_MS ? slot : undefined;
    at = stretch.end;
  }
  return undefined;
}

function firstOfStretch(
  { cron, clockChange }: CronTimetable,
  stretch: Stretch,
  from: number,
): number | undefined {
  const gap = from <= stretch.start ? gapBefore(stretch, clockChange) : undefined;
  if (gap !== undefined && firstMatch(cron, gap) !== undefined) return stretch.start;
  const window = wallWindow(stretch, clockChange);
  const wall = firstMatch(cron, {
    from: Math.max(window.from, from + stretch.offsetMs),
    before: window.before,
  });
  return wall === undefined ? undefined : wall - stretch.offsetMs;
}

function previousByCron(timetable: CronTimetable, before: number): number | undefined {
  const horizon = Math.max(before - HORIZON_MS, EARLIEST_MS);
  let at = before;
  while (at > horizon) {
    const stretch = timetable.zone.stretchAt(at - 1);
    const slot = lastOfStretch(timetable, stretch, at);
    if (slot !== undefined) return slot >= EARLIEST_MS ? slot : undefined;
    at = stretch.start;
  }
  return undefined;
}

function lastOfStretch(
  { cron, clockChange }: CronTimetable,
  stretch: Stretch,
  before: number,
): number | undefined {
  const window = wallWindow(stretch, clockChange);
  const wall = lastMatch(cron, {
    from: window.from,
    before: Math.min(window.before, before + stretch.offsetMs),
  });
  if (wall !== undefined) return wall - stretch.offsetMs;
  const gap = gapBefore(stretch, clockChange);
  const isMadeUp = gap !== undefined && firstMatch(cron, gap) !== undefined;
  return isMadeUp && stretch.start < before ? stretch.start : undefined;
}
