/** Every bound of the scheduler's doors, with its reason. Those of its decisions are in libs/scheduling. */

// Plans kept in memory; one serves every run of its version.
export const CACHED_PLANS_MAX = 200;
export const REQUEST_ID_LENGTH_MAX = 128;
export const GROUP_ID_LENGTH_MAX = 128;
// What a caller notes about a run is for finding it again; all of it goes into each event of the run.
export const ANNOTATIONS_MAX = 32;
export const ANNOTATION_NAME_LENGTH_MAX = 64;
export const ANNOTATION_VALUE_LENGTH_MAX = 1_024;
// Runs of a group that one call stops at a time; it goes on until all have been told.
export const GROUP_PAGE_SIZE = 200;
export const CANCEL_REASON_LENGTH_MAX = 1_000;
// Runs that are accepted but have not ended. Beyond it StartRun answers RESOURCE_EXHAUSTED.
export const ACTIVE_RUNS_MAX = 10_000;
// What a caller is told to wait when a bound was reached: some runs have ended by then.
export const RETRY_AFTER_MS = 1_000;
// An executor has some hundred attempts at most; more renewals in one call are a mistake or an attack.
export const RENEWALS_MAX = 4_096;
// The same for outcomes in one exchange.
export const EXCHANGE_FINISHED_MAX = 4_096;
// Leases in one answer, of each lane: a message of some hundred KiB and a transaction of some tens of milliseconds.
export const EXCHANGE_FREE_MAX = 512;
// An offer of room is a call that is open; whoever wants to wait longer makes another one.
export const OFFER_WAIT_MS_MAX = 10_000;
// The year 9999: PostgreSQL takes later ones, people do not mean them.
export const CLOCK_MS_MAX = 253_402_300_799_000;
// Names of executors and pools.
export const NAME_LENGTH_MAX = 256;
// Failure texts are for people; a longer one is cut, so that it can neither fill the database nor an event.
export const FAILURE_TEXT_MAX = 8_192;
export const FAILURE_DETAILS_MAX = 32;
// Details are ids, names and numbers. All of them together still fit into an event, twice: for the run and the task.
export const FAILURE_DETAIL_TEXT_MAX = 512;
// A dataset reference names columns; one that is larger would not fit into an event.
export const DATASET_JSON_LENGTH_MAX = 131_072;
// An executor that was silent this long is forgotten; long before that it is shown as lost.
export const EXECUTOR_FORGET_MS = 3_600_000;
// Names that are looked through for "did you mean".
export const SUGGESTED_NAMES_MAX = 200;
// A remark, not a document.
export const APPROVAL_COMMENT_LENGTH_MAX = 4_000;

// More than a stage has tasks.
export const FOLLOWERS_MAX = 64;
// A cut for each partition, and the name of a snapshot.
export const HANDOUT_LENGTH_MAX = 16_384;
