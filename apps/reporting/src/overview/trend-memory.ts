/**
 * The trend of all runs. Hours and days that are over are read once and kept here: at a million runs a month they are too
 * many to be counted whenever somebody looks.
 *
 *   M1. A stretch is kept when it has been over for some time and all of its runs have ended: then it does not change.
 *   M2. At most `STRETCHES_MAX` are kept, the newest.
 */
import type { TrendPoint } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { readTrend, type TrendRow } from '../store/read-trend.ts';

// Runs get their ids some milliseconds before they are stored, and replicas are behind by seconds.
const SETTLED_AFTER_MS = 60_000;
// The hours and the days that an overview shows, and as many that are on their way out.
const STRETCHES_MAX = 128;

export type TrendQuestion = {
  readonly stepMs: number;
  readonly points: number;
  readonly now: number;
};

export class TrendMemory {
  readonly #db: Deps['db'];
  readonly #kept = new Map<string, TrendPoint | undefined>();

  constructor(db: Deps['db']) {
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
    const [first] = missing;
    // From the first one on that is not known: those before it are over.
    const read =
      first === undefined
        ? []
        : await readTrend(this.#db, { fromMs: first, toMs: newest + stepMs, stepMs });
    const rows = new Map(read.map((row) => [row.start, row]));
    for (const start of missing) this.#keep(stepMs, start, { row: rows.get(start), now });
    return starts.flatMap((start) => {
      const row = rows.get(start);
      return (row === undefined ? this.#kept.get(keyOf(stepMs, start)) : toPoint(row)) ?? [];
    });
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
