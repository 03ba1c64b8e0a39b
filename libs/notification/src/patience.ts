// A receiver that restarts is back within seconds.
const FIRST_PAUSE_MS = 1_000;
// One that is away for long is asked often enough for people to see that it is back.
const PAUSE_MS_MAX = 600_000;
// What nobody could be told for a day is in the list of runs; telling it later would only confuse.
const TOLD_WITHIN_MS = 24 * 3_600_000;

/** How long a destination is left alone after so many failures in a row; `chance` is from 0 to 1. */
export function pauseMs(failures: number, chance: number): number {
  const whole = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(failures - 1, 0), PAUSE_MS_MAX);
  return Math.round(whole * (0.5 + chance / 2));
}

/** Whether a notice is too old to be tried again. */
export function isGivenUp(createdAt: number, now: number): boolean {
  return now - createdAt >= TOLD_WITHIN_MS;
}
