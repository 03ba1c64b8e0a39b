/**
 * The time by the gateway's clock. Whatever is shown began and ended by the clocks of servers; that of the machine with the
 * browser may be an hour off, and then every run that is under way would last an hour more, or less than nothing.
 */

// The header tells seconds, and an answer is on its way for a while: less than this is no difference.
const DIFFERENCE_MS_MIN = 3_000;
const SECOND_MS = 1_000;

/** How far a clock is from the one of the answer; `known` stays while the two agree as well as can be told. */
export function differenceOf(date: string | null, nowMs: number, knownMs: number): number {
  const beganMs = Date.parse(date ?? '');
  if (Number.isNaN(beganMs)) return knownMs;
  // It stands for any instant of its second.
  const differenceMs = beganMs + SECOND_MS / 2 - nowMs;
  if (Math.abs(differenceMs) < DIFFERENCE_MS_MIN) return 0;
  return Math.abs(differenceMs - knownMs) < DIFFERENCE_MS_MIN ? knownMs : differenceMs;
}

let differenceMs = 0;

/** Takes the header `date` of an answer that has just come. */
export function learnServerTime({ headers }: Response): void {
  differenceMs = differenceOf(headers.get('date'), Date.now(), differenceMs);
}

export function serverNow(): number {
  return Date.now() + differenceMs;
}
