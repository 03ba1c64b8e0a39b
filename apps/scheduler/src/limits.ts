/** Every bound of the scheduler, with its reason. */

// An executor that is dead must be noticed within ten seconds; executors renew every third of this.
export const LEASE_MS = 6_000;
// A renewal may be on its way while the lease runs out; ending the attempt later costs nothing.
export const LEASE_GRACE_MS = 1_000;
// How often leases and timers are looked at. With LEASE_MS it bounds how late a dead executor is noticed.
export const DUTY_INTERVAL_MS = 500;
// A hint that nobody took for this long is announced again: JetStream may have lost it.
export const HINT_REPUBLISH_MS = 10_000;
// A row that a publisher did not delete within this time belongs to a publisher that died.
export const OUTBOX_ADOPT_MS = 2_000;
// Inputs decided in one transaction: large enough to share its cost, small enough to keep it short.
export const BATCH_INPUTS_MAX = 256;
// Inputs that wait for a transaction; beyond it callers are told to come back later.
export const QUEUE_INPUTS_MAX = 20_000;
// A transaction that lost a race is tried again this often before its callers hear of it.
export const COMMIT_ATTEMPTS_MAX = 4;
// Runs kept in memory between inputs. Losing one costs a read, never correctness.
export const CACHED_RUNS_MAX = 1_000;
// Plans kept in memory; one serves every run of its version.
export const CACHED_PLANS_MAX = 200;
// Rows that one pass of a duty takes; what is left waits for the next pass.
export const DUTY_ROWS_MAX = 500;
// Rows that wait in memory for NATS; the rest is found in the outbox table later.
export const MESSAGE_ROWS_MAX = 10_000;
// The same for traces: each is several queries and an export.
export const TRACE_ROWS_MAX = 100;
// A collector that refuses so many in a row is down; the rest waits for the next pass.
export const TRACE_FAILURES_MAX = 3;
// A collector that is down for longer costs the traces of that time, not the space of the outbox.
export const TRACE_KEEP_MS = 3_600_000;
export const REQUEST_ID_LENGTH_MAX = 128;
// Request ids that only the runs of slots have: the database lets such a run in only with its slot.
export const SLOT_REQUEST_PREFIX = 'slot:';
export const BACKFILL_REQUEST_PREFIX = 'backfill:';
export const CANCEL_REASON_LENGTH_MAX = 1_000;
// Runs that are accepted but have not ended. Beyond it StartRun answers RESOURCE_EXHAUSTED.
export const ACTIVE_RUNS_MAX = 10_000;
// An executor that was silent this long is forgotten; long before that it is shown as lost.
export const EXECUTOR_FORGET_MS = 3_600_000;
