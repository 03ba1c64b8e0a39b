import type { ControlDatabase } from '@floe/database';
import { SettledRuns, type RunAtEvent } from './settled-runs.ts';
import { countTaskStates, type TaskStateCount } from './store/count-task-states.ts';

type Counts = readonly TaskStateCount[];

/**
 * How many tasks of runs are in which state. A page of runs with ten thousand tasks each would otherwise be half a million
 * rows, whenever somebody looks.
 */
export class RunCounts {
  readonly #db: ControlDatabase['db'];
  readonly #settled: SettledRuns<Counts>;

  constructor(db: ControlDatabase['db'], now: () => number) {
    this.#db = db;
    this.#settled = new SettledRuns(now);
  }

  /** By run id. Throws DATABASE_UNAVAILABLE. */
  async of(runs: readonly RunAtEvent[]): Promise<ReadonlyMap<string, Counts>> {
    const missing = runs.filter((run) => !this.#settled.has(run));
    const read = await countTaskStates(
      this.#db,
      missing.map((run) => run.run_id),
    );
    const counts = runs.map(
      (run) => [run.run_id, this.#settled.get(run) ?? read.get(run.run_id) ?? []] as const,
    );
    for (const run of missing) this.#settled.keep(run, read.get(run.run_id) ?? []);
    return new Map(counts);
  }
}
