import type { ReadyAttempt } from '../ports.ts';
import type { Lane } from '@floe/engine';
import type { AttemptEndRow, ClaimRow, OutboxRow, ResultRow } from './rows.ts';

/** A ready attempt that this transaction brought about: no index knows it yet. */
export type NewlyReady = ReadyAttempt & {
  readonly pool: string;
  readonly lane: Lane;
};

/** What the decisions of a transaction add up to, besides the runs themselves. In the order of the decisions. */
export class BatchRows {
  readonly ready: NewlyReady[] = [];
  readonly claims: ClaimRow[] = [];
  readonly ends: AttemptEndRow[] = [];
  readonly outbox: OutboxRow[] = [];
  readonly results: ResultRow[] = [];

  /** What is ready since the last call. */
  takeNew(): readonly NewlyReady[] {
    const fresh = this.ready.slice(this.#seen);
    this.#seen = this.ready.length;
    return fresh;
  }

  /** Nobody is to be told of an attempt that is not ready after all. */
  withdraw(attempt: NewlyReady): void {
    this.ready.splice(this.ready.indexOf(attempt), 1);
    this.#seen -= 1;
  }

  #seen = 0;
}
