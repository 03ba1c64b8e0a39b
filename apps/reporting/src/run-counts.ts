/**
 * How many tasks of runs are in which state. Of a run that has ended that does not change, and is kept: a page of runs with
 * ten thousand tasks each would otherwise be half a million rows, whenever somebody looks.
 *
 *   C1. Counts are kept under the number of the run's last event, so that a run that goes on again is counted again.
 *   C2. Kept is what ended some time ago: the last rows of a run come with its end, and replicas are behind by seconds.
 *   C3. At most `RUNS_MAX` are kept, those that were looked at last.
 */
import type { ControlDatabase } from '@floe/database';
import { isFinalRunState } from './states.ts';
import { countTaskStates, type TaskStateCount } from './store/count-task-states.ts';
import type { RunRow } from './store/read-runs.ts';

// A few states and numbers each: some megabytes.
const RUNS_MAX = 20_000;
const SETTLED_AFTER_MS = 60_000;

type CountedRun = Pick<RunRow, 'run_id' | 'state' | 'event_sequence' | 'ended_at'>;
type Counts = readonly TaskStateCount[];

export class RunCounts {
  readonly #db: ControlDatabase['db'];
  readonly #now: () => number;
  readonly #kept = new Map<string, Counts>();

  constructor(db: ControlDatabase['db'], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** By run id. Throws DATABASE_UNAVAILABLE. */
  async of(runs: readonly CountedRun[]): Promise<ReadonlyMap<string, Counts>> {
    const missing = runs.filter((run) => !this.#kept.has(keyOf(run)));
    const read = await countTaskStates(
      this.#db,
      missing.map((run) => run.run_id),
    );
    const counts = runs.map(
      (run) => [run.run_id, this.#use(run) ?? read.get(run.run_id) ?? []] as const,
    );
    for (const run of missing)
      if (this.#isSettled(run)) this.#keep(run, read.get(run.run_id) ?? []);
    return new Map(counts);
  }

  #use(run: CountedRun): Counts | undefined {
    const counts = this.#kept.get(keyOf(run));
    if (counts !== undefined) this.#keep(run, counts);
    return counts;
  }

  /** C2 */
  #isSettled({ state, ended_at: at }: CountedRun): boolean {
    return isFinalRunState(state) && at !== null && at + SETTLED_AFTER_MS <= this.#now();
  }

  /** As the one that was looked at last (C3). */
  #keep(run: CountedRun, counts: Counts): void {
    this.#kept.delete(keyOf(run));
    this.#kept.set(keyOf(run), counts);
    if (this.#kept.size <= RUNS_MAX) return;
    const oldest = this.#kept.keys().next();
    if (!oldest.done) this.#kept.delete(oldest.value);
  }
}

/** C1 */
function keyOf({ run_id: runId, event_sequence: sequence }: CountedRun): string {
  return `${runId} ${sequence}`;
}
