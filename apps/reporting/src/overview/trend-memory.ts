/**
 * The trend of all runs. Hours and days that are over are read once and kept here: at a million runs a month they are too
 * many to be counted whenever somebody looks.
 *
 *   M1. A stretch is kept when it has been over for some time and all of its runs have ended: then it does not change.
 *   M2. At most `STRETCHES_MAX` are kept, the newest.
 *   M3. Only what is not kept is read: a run that goes on for a day costs its own hour each time, not all hours since.
 */
import type { ControlDatabase } from '@floe/database';
import type { TrendPoint } from '@floe/rpc/contracts';
import { readTrend, type TrendRow } from '../store/read-trend.ts';
import { DAY_MS, HOUR_MS } from '../trend.ts';

// Runs get their ids some milliseconds before they are stored, and replicas are behind by seconds.
const SETTLED_AFTER_MS = 60_000;
// The hours and the days that an overview shows, and as many that are on their way out.
const STRETCHES_MAX = 128;

export type TrendQuestion = {
  readonly stepMs: number;
  readonly points: number;
  readonly now: number;
};

export type LastDay = {
  /** The hours of it, as `trend` has them. */
  readonly hours: readonly TrendPoint[];
  readonly succeeded: bigint;
  readonly failed: bigint;
};

export class TrendMemory {
  readonly #db: ControlDatabase['db'];
  readonly #kept = new Map<string, TrendPoint | undefined>();

  constructor(db: ControlDatabase['db']) {
    this.#db = db;
  }

  /** Oldest first; stretches without runs are left out. Throws DATABASE_UNAVAILABLE. */
  async trend({ stepMs, points, now }: TrendQuestion): Promise<TrendPoint[]> {
    const newest = Math.floor(now / stepMs) * stepMs;
    const starts = Array.from(
      { length: points },
      (_, index) => newest - (points - 1 - index) * stepMs,
    );
    const missing = starts.filter((start) => !this.#kept.has(keyOf(stepMs, start)));
    // M3
    const read = await Promise.all(
      rangesOf(missing, stepMs).map((range) => readTrend(this.#db, { ...range, stepMs })),
    );
    const rows = new Map(read.flat().map((row) => [row.start, row]));
    for (const start of missing) this.#keep(stepMs, start, { row: rows.get(start), now });
    return starts.flatMap((start) => {
      const row = rows.get(start);
      return (row === undefined ? this.#kept.get(keyOf(stepMs, start)) : toPoint(row)) ?? [];
    });
  }

  /** Runs of the last 24 hours that ended, by hours that are kept and what is left of the first one. */
  async lastDay(now: number): Promise<LastDay> {
    const fromMs = now - DAY_MS;
    const toMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS + HOUR_MS;
    const [hours, first] = await Promise.all([
      this.trend({ stepMs: HOUR_MS, points: DAY_MS / HOUR_MS, now }),
      readTrend(this.#db, { fromMs, toMs, stepMs: HOUR_MS }),
    ]);
    const all = [...hours, ...first.map(toPoint)];
    return {
      hours,
      succeeded: all.reduce((sum, { succeededCount }) => sum + succeededCount, 0n),
      failed: all.reduce((sum, { failedCount }) => sum + failedCount, 0n),
    };
  }

  #keep(
    stepMs: number,
    start: number,
    { row, now }: { row: TrendRow | undefined; now: number },
  ): void {
    const isSettled = start + stepMs + SETTLED_AFTER_MS <= now && (row?.open_count ?? 0) === 0;
    if (!isSettled) return;
    this.#kept.set(keyOf(stepMs, start), row === undefined ? undefined : toPoint(row));
    if (this.#kept.size <= STRETCHES_MAX) return;
    const oldest = this.#kept.keys().next();
    if (!oldest.done) this.#kept.delete(oldest.value);
  }
}

type Range = { readonly fromMs: number; readonly toMs: number };

/** Neighbours of these stretches together, oldest first. */
function rangesOf(starts: readonly number[], stepMs: number): Range[] {
  const ranges: Range[] = [];
  for (const start of starts) {
    const last = ranges.at(-1);
    if (last?.toMs === start) ranges[ranges.length - 1] = { ...last, toMs: start + stepMs };
    else ranges.push({ fromMs: start, toMs: start + stepMs });
  }
  return ranges;
}

function keyOf(stepMs: number, start: number): string {
  return `${stepMs} ${start}`;
}

function toPoint(row: TrendRow): TrendPoint {
  return {
    time: new Date(row.start),
    runCount: BigInt(row.run_count),
    succeededCount: BigInt(row.succeeded_count),
    failedCount: BigInt(row.failed_count),
    durationP50Ms: BigInt(Math.round(row.duration_p50 ?? 0)),
    durationP90Ms: BigInt(Math.round(row.duration_p90 ?? 0)),
    rowsLoaded: 0n,
  };
}
