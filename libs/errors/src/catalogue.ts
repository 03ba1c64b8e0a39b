/**
 * Every error that Floe can report, in one table.
 *
 * The code is the identity of an error (never its text). The category decides what each edge makes of it: a gRPC
 * status, an HTTP status, an exit code of the command line. `retry` says whether the same call may succeed later
 * without a person: it is a property of the error, not of the place that calls.
 */
export type ErrorCategory =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition'
  | 'exhausted'
  | 'cancelled'
  | 'deadline'
  | 'unimplemented'
  | 'unavailable'
  | 'internal';

export type Retry = 'never' | 'backoff';

type Entry = { readonly category: ErrorCategory; readonly retry: Retry; readonly means: string };

const entry = (category: ErrorCategory, retry: Retry, means: string): Entry => ({
  category,
  retry,
  means,
});

export const CATALOGUE = {
  // Documents, parameters, expressions
  DOCUMENT_INVALID: entry(
    'invalid',
    'never',
    'The workflow document has errors; each is listed with line and column.',
  ),
  DOCUMENT_TOO_LARGE: entry(
    'invalid',
    'never',
    'The workflow document exceeds a limit on size, depth or tasks.',
  ),
  PARAMETER_INVALID: entry(
    'invalid',
    'never',
    'A run parameter is missing, unknown or of the wrong type.',
  ),
  EXPRESSION_INVALID: entry(
    'invalid',
    'never',
    'The Polars text does not parse, or names an unknown column or method.',
  ),
  ARGUMENT_INVALID: entry(
    'invalid',
    'never',
    'A field of the request is missing or has a wrong value.',
  ),
  PAGE_TOKEN_INVALID: entry(
    'invalid',
    'never',
    'The page or resume token is not one that this call returned.',
  ),
  CONFIGURATION_INVALID: entry(
    'invalid',
    'never',
    'An environment variable or option has a wrong value.',
  ),

  // Resources
  WORKFLOW_NOT_FOUND: entry('not_found', 'never', 'No workflow has this name.'),
  VERSION_NOT_FOUND: entry('not_found', 'never', 'The workflow has no such version.'),
  RUN_NOT_FOUND: entry('not_found', 'never', 'No run has this id.'),
  TASK_NOT_FOUND: entry('not_found', 'never', 'The run has no task of this name.'),
  CONNECTION_NOT_FOUND: entry('not_found', 'never', 'No connection has this name.'),
  SCHEDULE_NOT_FOUND: entry('not_found', 'never', 'No schedule has this id.'),
  BACKFILL_NOT_FOUND: entry('not_found', 'never', 'No backfill has this id.'),
  ARTIFACT_NOT_FOUND: entry('not_found', 'never', 'No artifact has this id.'),
  TOKEN_NOT_FOUND: entry('not_found', 'never', 'No token has this id.'),
  VIEW_NOT_FOUND: entry('not_found', 'never', 'The caller sees no saved view of this id.'),
  LINEAGE_NOT_FOUND: entry(
    'not_found',
    'never',
    'No applied workflow reads or makes a dataset of this name.',
  ),
  EXECUTOR_NOT_FOUND: entry('not_found', 'never', 'No executor has this id.'),
  RUN_GROUP_NOT_FOUND: entry('not_found', 'never', 'No run belongs to a group of this id.'),
  SERVICE_NOT_FOUND: entry('not_found', 'never', 'The server has no gRPC service of this name.'),
  ROUTE_NOT_FOUND: entry('not_found', 'never', 'The gateway has no such path or method.'),
  REQUEST_ID_REUSED: entry(
    'conflict',
    'never',
    'The request id was used before with another request.',
  ),
  WORKFLOW_ALREADY_RUNNING: entry(
    'conflict',
    'never',
    'Another run of the workflow goes on, and this one was to be the only one.',
  ),
  TOKEN_NAME_TAKEN: entry('conflict', 'never', 'Another token that is not revoked has this name.'),
  VERSION_CHANGED: entry(
    'conflict',
    'never',
    'What was to be changed is no longer the version that the request names.',
  ),
  RUN_ALREADY_ENDED: entry(
    'precondition',
    'never',
    'The run has ended; a terminal state does not change.',
  ),
  BACKFILL_ALREADY_ENDED: entry(
    'precondition',
    'never',
    'The backfill has ended; what is missing needs another one.',
  ),
  RUN_STATE_CONFLICT: entry(
    'precondition',
    'never',
    'The run is in a state in which this cannot be done.',
  ),
  TASK_STATE_CONFLICT: entry(
    'precondition',
    'never',
    'The task is of a type or in a state in which this cannot be done.',
  ),
  CHILD_TOO_DEEP: entry('precondition', 'never', 'Too many runs have started each other.'),
  CONNECTOR_UNSUPPORTED: entry(
    'unimplemented',
    'never',
    'A step of an imported workflow needs a connector that Floe has no task for.',
  ),
  NOT_IMPLEMENTED: entry('unimplemented', 'never', 'This version of Floe does not do this yet.'),

  // The life of an attempt
  CLAIM_REFUSED: entry('precondition', 'never', 'The attempt is claimed, superseded or cancelled.'),
  EPOCH_STALE: entry(
    'precondition',
    'never',
    'A newer attempt has replaced this one; its outcome is not accepted.',
  ),
  ATTEMPT_LOST: entry(
    'unavailable',
    'backoff',
    'The executor or worker that ran the attempt died or stopped answering.',
  ),
  ATTEMPT_TIMEOUT: entry(
    'deadline',
    'backoff',
    'The attempt ran longer than the timeout of its task.',
  ),
  PROGRESS_TIMEOUT: entry(
    'deadline',
    'backoff',
    'The task reported no progress for longer than its document allows.',
  ),
  QUEUE_TIMEOUT: entry('deadline', 'never', 'No executor took the task within its queue timeout.'),
  START_TIMEOUT: entry(
    'deadline',
    'backoff',
    'An executor took the attempt, but its worker did not begin in time.',
  ),
  TASK_TIMEOUT: entry(
    'deadline',
    'never',
    'The task took longer than its total timeout, over all attempts.',
  ),
  LOAD_UNCERTAIN: entry(
    'deadline',
    'never',
    'The task ended, and nobody could ask its target database whether its load took effect.',
  ),
  ITEMS_INVALID: entry(
    'invalid',
    'never',
    'What the task goes through is not a list, or has too many items.',
  ),
  ITEMS_FAILED: entry('precondition', 'never', 'Some items of the task failed for good.'),
  ITEM_LEFT_OUT: entry(
    'precondition',
    'never',
    'The item was not done in an earlier run, and the retry of that run is of other items.',
  ),
  APPROVAL_REJECTED: entry('precondition', 'never', 'A person answered the approval with no.'),
  APPROVAL_TIMEOUT: entry('deadline', 'never', 'Nobody answered the approval in time.'),
  CHILD_FAILED: entry('precondition', 'backoff', 'The run that the task started did not succeed.'),
  CONCURRENCY_CONFLICT: entry(
    'conflict',
    'never',
    'Another run or task holds the place of this concurrency key.',
  ),
  RUN_TIMEOUT: entry('deadline', 'never', 'The run took longer than its timeout.'),
  RUN_CANCELLED: entry('cancelled', 'never', 'The run was cancelled.'),
  UPSTREAM_FAILED: entry('precondition', 'never', 'A task that this one needs did not succeed.'),
  MEMORY_EXCEEDED: entry('exhausted', 'backoff', 'The task used more memory than its limit.'),
  WORKER_CRASHED: entry('internal', 'backoff', 'The worker process ended while it ran the task.'),

  SNAPSHOT_GONE: entry(
    'unavailable',
    'backoff',
    'What the partitions of an extract share is no longer held: they begin again from a new snapshot.',
  ),

  // Data
  QUERY_FAILED: entry('invalid', 'backoff', 'PostgreSQL refused or failed the statement.'),
  TABLE_NOT_FOUND: entry(
    'invalid',
    'backoff',
    'The table does not exist in the database of the connection.',
  ),
  COLUMN_MISMATCH: entry(
    'invalid',
    'never',
    'The columns of the frame do not fit those of the table.',
  ),
  CONTRACT_BROKEN: entry(
    'invalid',
    'never',
    'A dataset does not have the columns that the contract of its task pins.',
  ),
  VALUE_INVALID: entry('invalid', 'never', 'A value does not fit the type of its column.'),
  TYPE_UNSUPPORTED: entry('invalid', 'never', 'A column has a type that Floe cannot move exactly.'),
  CONSTRAINT_VIOLATED: entry('invalid', 'never', 'Rows break a constraint of the target table.'),
  DUPLICATE_KEY: entry('invalid', 'never', 'Several rows of one load have the same key.'),
  TRANSFORM_FAILED: entry('invalid', 'never', 'Polars failed while it executed the plan.'),
  DATASET_MISSING: entry(
    'unavailable',
    'backoff',
    'The stored output of an upstream task is gone.',
  ),
  DATASET_STORE_UNAVAILABLE: entry(
    'unavailable',
    'backoff',
    'The folder of datasets cannot be written.',
  ),
  FILE_NOT_FOUND: entry('invalid', 'backoff', 'No file has this name, or none fits the pattern.'),
  FILE_INVALID: entry('invalid', 'never', 'A file is not what its name or the task says.'),
  FILE_FORBIDDEN: entry(
    'forbidden',
    'never',
    'The path leads out of the folder in which tasks may read and write files.',
  ),
  FILE_NOT_WRITTEN: entry('unavailable', 'backoff', 'A file could not be written whole.'),
  HTTP_FORBIDDEN: entry(
    'forbidden',
    'never',
    'A request would reach a host within the own network that FLOE_HTTP_HOSTS does not name.',
  ),
  HTTP_UNREACHABLE: entry(
    'unavailable',
    'backoff',
    'A server of HTTP cannot be reached, or the connection was cut.',
  ),
  HTTP_TIMEOUT: entry('deadline', 'backoff', 'An HTTP request had no whole answer in its time.'),
  HTTP_UNAVAILABLE: entry(
    'unavailable',
    'backoff',
    'A server of HTTP answered that it cannot now: 408, 425, 429 or 5xx.',
  ),
  HTTP_REFUSED: entry(
    'precondition',
    'never',
    'A server of HTTP answered with a status that the task does not expect.',
  ),
  HTTP_ANSWER_INVALID: entry(
    'invalid',
    'never',
    'The answer of a server of HTTP is not what the task says that it is.',
  ),
  HTTP_ANSWER_TOO_LARGE: entry(
    'exhausted',
    'never',
    'The answer of a server of HTTP is larger than the task allows.',
  ),
  TASK_FAILED: entry('precondition', 'backoff', 'The code of a package of task types failed.'),
  TASK_REFUSED: entry(
    'precondition',
    'never',
    'The code of a package of task types says that trying again is of no use.',
  ),
  CHECK_FAILED: entry('precondition', 'never', 'The rows do not pass a check of their quality.'),
  LOAD_FENCED: entry('precondition', 'never', 'A newer attempt has committed or fenced this load.'),
  CONNECTION_FAILED: entry(
    'unavailable',
    'backoff',
    'The database of the connection cannot be reached.',
  ),
  CREDENTIALS_REFUSED: entry(
    'forbidden',
    'never',
    'The database refused the user or password of the connection.',
  ),
  SECRET_UNAVAILABLE: entry(
    'precondition',
    'never',
    'The secret that a connection refers to cannot be read.',
  ),

  // The system
  DATABASE_UNAVAILABLE: entry('unavailable', 'backoff', 'The control database does not answer.'),
  SCHEMA_INCOMPATIBLE: entry(
    'precondition',
    'never',
    'The control database has a schema that this version cannot use.',
  ),
  SCHEMA_IN_USE: entry(
    'precondition',
    'never',
    'Services run that could not go on with the schema which a migration makes.',
  ),
  OUTSIDE_HISTORY: entry(
    'precondition',
    'never',
    'A run id is of a time of which nothing is kept, or that is far ahead.',
  ),
  BUS_UNAVAILABLE: entry('unavailable', 'backoff', 'NATS does not answer.'),
  SERVICE_UNAVAILABLE: entry('unavailable', 'backoff', 'A service of Floe does not answer.'),
  TELEMETRY_UNAVAILABLE: entry(
    'unavailable',
    'backoff',
    'The OTLP endpoint does not accept spans.',
  ),
  DEADLINE_EXCEEDED: entry('deadline', 'backoff', 'The call did not finish before its deadline.'),
  LIMIT_EXCEEDED: entry('exhausted', 'backoff', 'A bound was reached; the message names it.'),
  CALLER_REFUSED: entry(
    'forbidden',
    'never',
    'The certificate of the caller is for a service that may not ask for this.',
  ),
  REQUEST_REFUSED: entry(
    'forbidden',
    'never',
    'The request came by a host name or from a page that the gateway does not trust.',
  ),
  TOKEN_MISSING: entry(
    'unauthenticated',
    'never',
    'The request names no token, and this Floe requires one.',
  ),
  TOKEN_INVALID: entry(
    'unauthenticated',
    'never',
    'The token of the request is not one that this Floe has made.',
  ),
  TOKEN_EXPIRED: entry('unauthenticated', 'never', 'The token of the request has expired.'),
  TOKEN_REVOKED: entry('unauthenticated', 'never', 'The token of the request was revoked.'),
  SCOPE_INSUFFICIENT: entry(
    'forbidden',
    'never',
    'The token of the request does not allow this operation, or not on this workflow.',
  ),
  TOKENS_UNAVAILABLE: entry(
    'precondition',
    'never',
    'The gateway has no control database, so it keeps neither tokens nor an audit log.',
  ),
  PORT_TAKEN: entry('precondition', 'never', 'Another process listens on the port.'),
  FOLDER_IN_USE: entry('precondition', 'never', 'Another Floe runs on this state folder.'),
  TOOL_MISSING: entry(
    'precondition',
    'never',
    'A program that Floe needs is not there and could not be fetched.',
  ),
  CANCELLED: entry('cancelled', 'never', 'The caller gave up.'),
  INTERNAL: entry('internal', 'never', 'A bug in Floe. Please report it with the text.'),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof CATALOGUE;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(CATALOGUE, text);
}
