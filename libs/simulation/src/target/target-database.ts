/**
 * A user's database with the ledger of loads, as `postgres_load` uses it.
 *
 *   L1. The row of a load is locked by one session at a time, until its transaction ends.
 *   L2. Rows take effect, and the load is marked done, in one instant or not at all.
 *   L3. A session whose worker is frozen within the transaction is ended by the server after IDLE_MS.
 */
import type { Process } from '../world/process.ts';
import { RowLocks } from '../postgres/row-locks.ts';

export type LedgerRow = {
  readonly epoch: number;
  readonly state: 'open' | 'done';
  readonly rows: number;
  /** Of the attempt that opened it. */
  readonly session: TargetSession;
};

/** Rows of a load that took effect. */
export type Effect = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly rows: number;
  readonly at: number;
};

export class TargetDatabase {
  readonly ledger = new Map<string, LedgerRow>();
  readonly locks = new RowLocks();
  readonly effects: Effect[] = [];
  readonly #onEffect: ((effect: Effect) => void)[] = [];

  onEffect(hear: (effect: Effect) => void): void {
    this.#onEffect.push(hear);
  }

  add(effect: Effect): void {
    this.effects.push(effect);
    for (const hear of this.#onEffect) hear(effect);
  }
}

/** One session: its locks end with it. */
export type TargetSession = { readonly process: Process; isOpen: boolean };
