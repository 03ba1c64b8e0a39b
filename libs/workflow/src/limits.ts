/** Bounds of a document and the values that stand where it says nothing. */

// Larger texts are not written by people; parsing them would only block the service.
export const DOCUMENT_BYTES_MAX = 1024 * 1024;

// The document needs 6 levels; the rest is room for nested JSON in task fields.
export const DOCUMENT_DEPTH_MAX = 32;

// Beyond this a graph cannot be read by people, and one run would fill the queues of a pool.
export const TASK_COUNT_MAX = 10_000;

// Anchors are a convenience for a few shared blocks; a bomb needs many references.
export const ALIAS_COUNT_MAX = 100;

// Aliases repeat what they refer to: this bounds the document after they are resolved. The longest legal document,
// 10,000 tasks with a handful of fields each, stays well below.
export const NODE_COUNT_MAX = 500_000;

// More would not be read at once, and the error must fit into the headers of one gRPC answer.
export const VIOLATION_COUNT_MAX = 50;

export const PARAMETER_COUNT_MAX = 100;

// A parameter is a date, a name, a list of ids: rows belong into tables.
export const PARAMETER_LENGTH_MAX = 65_536;

export const DESCRIPTION_LENGTH_MAX = 10_000;

export const SCHEDULE_COUNT_MAX = 100;

export const DEFAULT_TIMEZONE = 'UTC';

// A rhythm slower than a year is an event that people start themselves.
export const EVERY_MS_MAX = 366 * 24 * 3_600_000;

// Who wants more than a year made up for starts a backfill, which can be watched and stopped.
export const CATCHUP_MS_MAX = 366 * 24 * 3_600_000;

// A start that is spread over more than a day belongs to the next day.
export const JITTER_MS_MAX = 24 * 3_600_000;

export const RETRY_COUNT_MAX = 100;

// Longer than any outage that is worth waiting for within one run.
export const RETRY_DELAY_MS_MAX = 24 * 3_600_000;

// A run that waits for months has been forgotten.
export const TIMEOUT_MS_MAX = 30 * 24 * 3_600_000;

// Anything shorter ends before a worker has even begun.
export const TIMEOUT_MS_MIN = 100;

// The engine keeps the state of all items of a task in one value.
export const ITEM_COUNT_MAX = 10_000;
// An attempt that goes through more loses too much when its worker dies.
export const ITEM_CHUNK_MAX = 1_000;
// More attempts of one task at once than any pool has slots.
export const ITEM_ATTEMPTS_MAX = 1_000;
// More parts of one dataset than a pool has slots cost files and statements, and bring nothing.
export const PARTITION_COUNT_MAX = 64;
// Enough to keep the slots of a few executors busy, and few enough that others get their turn.
export const DEFAULT_ITEM_ATTEMPTS = 64;

// A key is a name or an id.
export const CONCURRENCY_KEY_LENGTH_MAX = 256;
export const CONCURRENCY_LIMIT_MAX = 1_000;

// What a machine has, said in a few words: as many as an executor may offer.
export const LABEL_COUNT_MAX = 32;
// A result that is younger than this is one of the run that made it.
export const CACHE_TTL_MS_MIN = 1_000;
// Nobody means a result of last year; its rows are collected long before.
export const CACHE_TTL_MS_MAX = 365 * 24 * 3_600_000;
// A key is a name, a version or an id.
export const CACHE_KEY_LENGTH_MAX = 256;

export const PRIORITY_MIN = 0;
export const PRIORITY_MAX = 9;

// A worker process needs about this much before it holds a single row.
export const MEMORY_BYTES_MIN = 128 * 1024 * 1024;

export const DEFAULT_RUN_TIMEOUT_MS = 24 * 3_600_000;
export const DEFAULT_TASK_TIMEOUT_MS = 3_600_000;
export const DEFAULT_QUEUE_TIMEOUT_MS = 24 * 3_600_000;
export const DEFAULT_POOL = 'default';
export const DEFAULT_PRIORITY = 5;

/** No retries unless the document asks for them; what follows shapes those it asks for. */
export const DEFAULT_RETRIES = {
  max: 0,
  delayMs: 1_000,
  backoff: 2,
  maxDelayMs: 300_000,
  // The whole delay is drawn at random, so that many tasks that failed together do not come back together.
  jitter: 1,
} as const;
// More names than the columns of any table that a person looks at.
export const MASKED_COLUMN_COUNT_MAX = 1_000;

// Who is told by more rules than this is told by a program of his own, over one webhook.
export const NOTICE_RULE_COUNT_MAX = 50;
// More people than this have a mailing list.
export const RECIPIENT_COUNT_MAX = 20;
// RFC 5322 allows lines of 998 bytes; placeholders become longer than they are.
export const NOTICE_SUBJECT_LENGTH_MAX = 200;
// A page; who writes more links to one.
export const NOTICE_TEXT_LENGTH_MAX = 4_000;
// Lateness is looked for about that often.
export const LATE_AFTER_MS_MIN = 10_000;
// Runs themselves end within 30 days.
export const LATE_AFTER_MS_MAX = 30 * 24 * 3_600_000;
