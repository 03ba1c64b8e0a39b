import type { Run } from '@floe/client';
import { hasEnded } from '../state/state-mark.ts';

export type Day = {
  /** Midnight where the reader is. */
  readonly start: Date;
  readonly good: number;
  readonly bad: number;
  readonly other: number;
};

/** The runs of the last days by the local day on which they were made, oldest day first. */
export function countDays(runs: readonly Run[], now: Date, dayCount: number): readonly Day[] {
  return Array.from({ length: dayCount }, (_, index) => {
    const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - dayCount + 1 + index);
    const end = new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1);
    const ofDay = runs.filter(({ createTime = '' }) => {
      const at = Date.parse(createTime);
      return at >= start.getTime() && at < end.getTime();
    });
    const good = ofDay.filter(({ state }) => state === 'RUN_STATE_SUCCEEDED').length;
    const bad = ofDay.filter(isBad).length;
    return { start, good, bad, other: ofDay.length - good - bad };
  });
}

function isBad({ state }: Run): boolean {
  return state === 'RUN_STATE_FAILED' || state === 'RUN_STATE_TIMED_OUT';
}

export type WorkflowTrend = {
  readonly name: string;
  readonly runs: readonly Run[];
  readonly badCount: number;
  readonly endedCount: number;
};

/** The runs by workflow; those with the most failures first, then by name. */
export function trendsOf(runs: readonly Run[]): readonly WorkflowTrend[] {
  return [...Map.groupBy(runs, ({ workflowName }) => workflowName)]
    .map(([name, ofOne]) => ({
      name,
      runs: ofOne,
      badCount: ofOne.filter(isBad).length,
      endedCount: ofOne.filter(({ state }) => hasEnded(state)).length,
    }))
    .toSorted((a, b) => b.badCount - a.badCount || a.name.localeCompare(b.name));
}
