import { placeOfTask, type Place } from '../runs/places.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { AttemptEndRow } from './rows.ts';

type Named = { readonly runId: string; readonly task: number };
type RecordOf = (runId: string) => RunRecord | undefined;

/**
 * The places of keyed tasks while a transaction gives attempts out.
 *
 *   Q1. An attempt is given out only while fewer attempts with its key run than its limit; what ends in the same
 *       transaction counts no longer.
 *   Q2. The counts are those of the store, taken under the lock of the key, which is held until the commit: two
 *       schedulers cannot give out the same place.
 */
export class TaskPlaces {
  readonly #recordOf: RecordOf;
  readonly #running: Map<string, number>;

  constructor(
    recordOf: RecordOf,
    running: ReadonlyMap<string, number>,
    ended: readonly AttemptEndRow[],
  ) {
    this.#recordOf = recordOf;
    this.#running = new Map(running);
    for (const end of ended) {
      const place = this.placeOf(end);
      if (place !== undefined) this.#add(place.key, -1); // Q1
    }
  }

  placeOf({ runId, task }: Named): Place | undefined {
    const record = this.#recordOf(runId);
    return record === undefined ? undefined : placeOfTask(record, task);
  }

  /** Whether the attempt has to do without a place. */
  isFull(attempt: Named): boolean {
    const place = this.placeOf(attempt);
    return place !== undefined && (this.#running.get(place.key) ?? 0) >= place.limit;
  }

  take(attempt: Named): void {
    const place = this.placeOf(attempt);
    if (place !== undefined) this.#add(place.key, 1);
  }

  #add(key: string, change: number): void {
    this.#running.set(key, Math.max(0, (this.#running.get(key) ?? 0) + change));
  }
}
