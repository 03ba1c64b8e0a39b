import type { ReadyAttempt } from '../ports.ts';
import type { Lane } from '@floe/engine';
import type { AttemptEndRow, ClaimRow, OutboxRow } from './rows.ts';

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
}
