/** Every bound of the deciding part, with its reason. */

// An executor that is dead must be noticed within ten seconds; executors renew every third of this.
export const LEASE_MS = 6_000;
// A renewal may be on its way while the lease runs out; ending the attempt later costs nothing.
export const LEASE_GRACE_MS = 1_000;
// How often leases and timers are looked at. With LEASE_MS it bounds how late a dead executor is noticed.
export const DUTY_INTERVAL_MS = 500;
// Republishing hints and adopting what others left in the outbox make up for what was lost: nothing of it is younger
// than HINT_REPUBLISH_MS and OUTBOX_ADOPT_MS.
export const RECONCILE_INTERVAL_MS = 1_000;
// Work that is ready for this long although executors may be idle: its hints were lost, or all executors are busy.
export const HINT_REPUBLISH_MS = 1_000;
// Each hint wakes one executor, which takes all that it has room for; more would wake executors for nothing.
export const HINTS_PER_COMMIT_MAX = 8;
// A row that a publisher did not delete within this time belongs to a publisher that died.
export const OUTBOX_ADOPT_MS = 2_000;
// What was sent within this time is deleted together. It is far below OUTBOX_ADOPT_MS, so nobody sends it again.
export const OUTBOX_DELETE_MS = 25;
// Changes decided in one transaction: enough to share its cost among thousands of tasks a second, few enough that it
// ends within tens of milliseconds.
export const BATCH_CHANGES_MAX = 2_048;
// Changes that wait for a transaction; beyond it callers are told to come back later.
export const QUEUE_CHANGES_MAX = 20_000;
// What those callers are told to wait: the queue is worked off in about this time.
export const QUEUE_RETRY_MS = 1_000;
// Executors that wait at one scheduler: each is a call that is open. More of them look by themselves.
export const OFFERS_MAX = 10_000;
// Runs kept in memory between inputs. Losing one costs a read, never correctness.
export const CACHED_RUNS_MAX = 1_000;
// Tasks of all those runs together: a run of ten thousand tasks takes some megabytes.
export const CACHED_TASKS_MAX = 200_000;
// Rows that one pass of a duty takes; what is left waits for the next pass.
export const DUTY_ROWS_MAX = 500;
// Outbox rows that wait in memory; the rest is found in the table later. Each holds the events of one commit.
export const MESSAGE_ROWS_MAX = 10_000;
// The same for traces: each is several queries and an export.
export const TRACE_ROWS_MAX = 100;
// A collector that refuses so many in a row is down; the rest waits for the next pass.
export const TRACE_FAILURES_MAX = 3;
// A collector that is down for longer costs the traces of that time, not the space of the outbox.
export const TRACE_KEEP_MS = 3_600_000;
// How often they are looked for: a small share of that time.
export const TRACE_DROP_INTERVAL_MS = 60_000;
// Runs that are asked at once whether they find a free place; the next place that is freed asks again.
export const PLACE_WAITERS_MAX = 16;
// Relays that wait in memory: each is a transaction or two.
export const RELAY_ROWS_MAX = 1_000;
// A workflow that runs itself ends here.
export const CHILD_DEPTH_MAX = 8;
// Tasks one behind the other whose results are known, in one transaction: each is a statement. What comes after is done.
export const KNOWN_ROUNDS_MAX = 100;
// Results without an age limit are forgotten after this; their rows are collected long before.
export const RESULT_KEEP_MS = 30 * 24 * 3_600_000;
// Forgetting results is housekeeping: those that are too old are not used anyway.
export const RESULT_FORGET_INTERVAL_MS = 60_000;
// An executor that is there claims within a second. Of the thirty that a run waits, most are left for the target to answer.
export const VOID_UNCLAIMED_MS = 5_000;
// Each is a connection of its own to a target database.
export const VOID_ASKED_MAX = 16;
