/**
 * What is known of runs that have ended, and does not change then: it is read once and kept here.
 *
 *   K1. It is kept under the number of the run's last event, so that a run that goes on again is read again.
 *   K2. Kept is what ended some time ago: the last rows of a run come with its end, and replicas are behind by seconds.
 *   K3. At most `RUNS_MAX` are kept, those that were looked at last.
 */
import { isFinalRunState } from './states.ts';
import type { RunRow } from './store/read-runs.ts';

// A few numbers each: some megabytes.
const RUNS_MAX = 20_000;
const SETTLED_AFTER_MS = 60_000;

export type RunAtEvent = Pick<RunRow, 'run_id' | 'state' | 'event_sequence' | 'ended_at'>;

export class SettledRuns<Value> {
  readonly #now: () => number;
  readonly #kept = new Map<string, Value>();

  constructor(now: () => number) {
    this.#now = now;
  }

  has(run: RunAtEvent): boolean {
    return this.#kept.has(keyOf(run));
  }

  get(run: RunAtEvent): Value | undefined {
    const value = this.#kept.get(keyOf(run));
    if (value !== undefined) this.#put(run, value);
    return value;
  }

  /** Does nothing for a run that may still change (K2). */
  keep(run: RunAtEvent, value: Value): void {
    const { state, ended_at: at } = run;
    const isSettled = isFinalRunState(state) && at !== null && at + SETTLED_AFTER_MS <= this.#now();
    if (isSettled) this.#put(run, value);
  }

  /** As the one that was looked at last (K3). */
  #put(run: RunAtEvent, value: Value): void {
    this.#kept.delete(keyOf(run));
    this.#kept.set(keyOf(run), value);
    if (this.#kept.size <= RUNS_MAX) return;
    const oldest = this.#kept.keys().next();
    if (!oldest.done) this.#kept.delete(oldest.value);
  }
}

/** K1 */
function keyOf({ run_id: runId, event_sequence: sequence }: RunAtEvent): string {
  return `${runId} ${sequence}`;
}
