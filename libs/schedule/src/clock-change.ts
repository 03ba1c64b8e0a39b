import { type Cron, namesEveryHour } from './cron.ts';
import type { WallWindow } from './match-cron.ts';
import type { Stretch } from './zone.ts';

/** What happens to times that the wall clock leaves out in spring: once right after the gap, or not at all. */
export const GAP_RULES = ['run_after', 'skip'] as const;
/** Which of the two instants counts of times that the wall clock shows twice in autumn. */
export const OVERLAP_RULES = ['first', 'last', 'both'] as const;

export type ClockChange = {
  readonly gap: (typeof GAP_RULES)[number];
  readonly overlap: (typeof OVERLAP_RULES)[number];
};

/**
 * The rules where nothing is said. A line that names times of the day keeps to one run a day. One that names a rhythm
 * within the hour goes on beating through the repeated hour, and one that beats every hour misses nothing in a gap.
 */
export function defaultClockChange(cron: Cron): ClockChange {
  return {
    gap: namesEveryHour(cron) ? 'skip' : 'run_after',
    overlap: cron.isRhythm ? 'both' : 'first',
  };
}

/** The wall times of a stretch that count: those shown twice count in one of their stretches, or in both. */
export function wallWindow(stretch: Stretch, { overlap }: ClockChange): WallWindow {
  const { start, end, offsetMs, offsetBeforeMs, offsetAfterMs } = stretch;
  const shownBefore = overlap === 'first' ? Math.max(0, offsetBeforeMs - offsetMs) : 0;
  const shownAgain = overlap === 'last' ? Math.max(0, offsetMs - offsetAfterMs) : 0;
  return { from: start + offsetMs + shownBefore, before: end + offsetMs - shownAgain };
}

/** The wall times that were left out right before a stretch; undefined where none were, or where they do not count. */
export function gapBefore(stretch: Stretch, { gap }: ClockChange): WallWindow | undefined {
  const { start, offsetMs, offsetBeforeMs } = stretch;
  if (gap === 'skip' || offsetBeforeMs >= offsetMs) return undefined;
  return { from: start + offsetBeforeMs, before: start + offsetMs };
}
