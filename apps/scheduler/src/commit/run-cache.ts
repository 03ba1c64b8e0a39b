import { CACHED_RUNS_MAX } from '../limits.ts';
import type { RunRecord } from '../runs/run-record.ts';

/** Runs that were used last. An entry is only trusted when its revision equals that of the locked row. */
export class RunCache {
  readonly #records = new Map<string, RunRecord>();

  get(runId: string, revision: number): RunRecord | undefined {
    const record = this.#records.get(runId);
    return record?.revision === revision ? record : undefined;
  }

  put(record: RunRecord): void {
    this.#records.delete(record.runId);
    this.#records.set(record.runId, record);
    if (this.#records.size <= CACHED_RUNS_MAX) return;
    const oldest = this.#records.keys().next();
    if (!oldest.done) this.#records.delete(oldest.value);
  }

  drop(runId: string): void {
    this.#records.delete(runId);
  }
}
