import type { EventBatch } from '../events/run-event.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { AttemptEndRow, ClaimRow, OutboxRow, ResultRow } from './rows.ts';

/** A run that changed: as it is now, and which of its tasks are not as they were. */
export type ChangedRun = {
  readonly record: RunRecord;
  readonly tasks: readonly number[];
  /** Inserted in this transaction: all of its tasks are still to be stored. */
  readonly isNew: boolean;
};

/**
 * What one transaction writes: everything that follows from its inputs. The records still carry the revision that was
 * locked; the store adds one.
 */
export type Batch = {
  readonly runs: readonly ChangedRun[];
  /** New attempts, running. */
  readonly claims: readonly ClaimRow[];
  /** Ends of attempts that were claimed in earlier transactions. */
  readonly ends: readonly AttemptEndRow[];
  /** At most one for each run. */
  readonly events: readonly EventBatch[];
  readonly outbox: readonly OutboxRow[];
  /** At most one for each key. */
  readonly results: readonly ResultRow[];
};
