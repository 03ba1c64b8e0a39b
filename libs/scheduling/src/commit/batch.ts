import type { Lane } from '../lane.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { ReadyAttempt } from '../ports.ts';
import type { EventBatch } from '../events/run-event.ts';
import type { AttemptEndRow, ClaimRow, OutboxRow } from './rows.ts';

/** A ready attempt that this transaction brought about. */
export type NewlyReady = ReadyAttempt & {
  readonly pool: string;
  readonly lane: Lane;
};

/** A run that changed: as it is now, and which of its tasks are not as they were. */
export type ChangedRun = { readonly record: RunRecord; readonly tasks: readonly number[] };

/**
 * What one transaction writes: everything that follows from its inputs. The records still carry the revision that was
 * locked; the store adds one.
 */
export type Batch = {
  readonly runs: readonly ChangedRun[];
  /** New attempts, running. */
  readonly claims: readonly ClaimRow[];
  readonly ends: readonly AttemptEndRow[];
  /** At most one for each run. */
  readonly events: readonly EventBatch[];
  readonly outbox: readonly OutboxRow[];
};
