import { CACHED_RUNS_MAX, CACHED_TASKS_MAX } from '../limits.ts';
import type { RunRecord } from '../runs/run-record.ts';

/** Runs that were used last. An entry is only trusted when its revision equals that of the locked row. */
export class RunCache {
  readonly #records = new Map<string, RunRecord>();
  #tasks = 0;

  get(runId: string, revision: number): RunRecord | undefined {
    const record = this.#records.get(runId);
    return record?.revision === revision ? record : undefined;
  }

  put(record: RunRecord): void {
    this.drop(record.runId);
    this.#records.set(record.runId, record);
    this.#tasks += record.details.length;
    while (this.#records.size > CACHED_RUNS_MAX || this.#tasks > CACHED_TASKS_MAX) {
      const oldest = this.#records.keys().next();
      if (oldest.done) return;
      this.drop(oldest.value);
    }
  }

  drop(runId: string): void {
    const record = this.#records.get(runId);
    if (record === undefined) return;
    this.#records.delete(runId);
    this.#tasks -= record.details.length;
  }
}
