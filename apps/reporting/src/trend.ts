/** Runs by the hour or the day (UTC) in which they were created. */
import { TrendStep, type TrendPoint } from '@floe/rpc/contracts';
import { argumentInvalid } from './arguments.ts';
import { percentile } from './percentile.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
// A line of more hours than this is read by nobody.
const HOURS_MAX_MS = 2 * DAY_MS;

export type TrendRun = {
  readonly state: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly rowsLoaded: number;
};

/** The length of a point. Throws ARGUMENT_INVALID for a step that is none. */
export function stepMsOf(step: TrendStep, rangeMs: number): number {
  if (step === TrendStep.HOUR) return HOUR_MS;
  if (step === TrendStep.DAY) return DAY_MS;
  if (step === TrendStep.UNSPECIFIED) return rangeMs <= HOURS_MAX_MS ? HOUR_MS : DAY_MS;
  throw argumentInvalid('step', 'is neither hour nor day');
}

/** Oldest first; a stretch without runs has no point. */
export function trendOf(runs: readonly TrendRun[], stepMs: number): TrendPoint[] {
  const buckets = Map.groupBy(runs, ({ createdAt }) => Math.floor(createdAt / stepMs) * stepMs);
  return [...buckets]
    .toSorted(([a], [b]) => a - b)
    .map(([start, members]) => pointOf(start, members));
}

function pointOf(start: number, runs: readonly TrendRun[]): TrendPoint {
  const count = (...states: readonly string[]) =>
    BigInt(runs.filter(({ state }) => states.includes(state)).length);
  const durations = runs.flatMap(durationOf);
  return {
    time: new Date(start),
    runCount: BigInt(runs.length),
    succeededCount: count('succeeded'),
    failedCount: count('failed', 'timed_out'),
    durationP50Ms: BigInt(percentile(durations, 0.5)),
    durationP90Ms: BigInt(percentile(durations, 0.9)),
    rowsLoaded: BigInt(runs.reduce((sum, { rowsLoaded }) => sum + rowsLoaded, 0)),
  };
}

/** Only runs that succeeded say how long the work takes. */
export function durationOf({ state, createdAt, endedAt }: Omit<TrendRun, 'rowsLoaded'>): number[] {
  return state === 'succeeded' && endedAt !== null ? [Math.max(0, endedAt - createdAt)] : [];
}
