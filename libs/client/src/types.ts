/**
 * The JSON of the REST API, as `proto/floe/v1` defines it: field names in camel case, 64-bit integers as decimal
 * strings, instants as RFC 3339 text, enumerations by name. Plain fields and lists are always there; only objects and
 * instants can be absent.
 */

export type RunState =
  | 'RUN_STATE_UNSPECIFIED'
  | 'RUN_STATE_QUEUED'
  | 'RUN_STATE_RUNNING'
  | 'RUN_STATE_PAUSED'
  | 'RUN_STATE_CANCELLING'
  | 'RUN_STATE_SUCCEEDED'
  | 'RUN_STATE_FAILED'
  | 'RUN_STATE_CANCELLED'
  | 'RUN_STATE_TIMED_OUT';

export type TaskState =
  | 'TASK_STATE_UNSPECIFIED'
  | 'TASK_STATE_PENDING'
  | 'TASK_STATE_READY'
  | 'TASK_STATE_RUNNING'
  | 'TASK_STATE_RETRYING'
  | 'TASK_STATE_SUCCEEDED'
  | 'TASK_STATE_FAILED'
  | 'TASK_STATE_CANCELLED'
  | 'TASK_STATE_TIMED_OUT'
  | 'TASK_STATE_SKIPPED'
  | 'TASK_STATE_UPSTREAM_FAILED';

export type AttemptState =
  | 'ATTEMPT_STATE_UNSPECIFIED'
  | 'ATTEMPT_STATE_READY'
  | 'ATTEMPT_STATE_RUNNING'
  | 'ATTEMPT_STATE_SUCCEEDED'
  | 'ATTEMPT_STATE_FAILED'
  | 'ATTEMPT_STATE_CANCELLED'
  | 'ATTEMPT_STATE_TIMED_OUT'
  | 'ATTEMPT_STATE_LOST';

export type TriggerKind =
  | 'TRIGGER_KIND_UNSPECIFIED'
  | 'TRIGGER_KIND_MANUAL'
  | 'TRIGGER_KIND_SCHEDULE'
  | 'TRIGGER_KIND_BACKFILL'
  | 'TRIGGER_KIND_WORKFLOW'
  | 'TRIGGER_KIND_RETRY';

export type ExecutorState =
  | 'EXECUTOR_STATE_UNSPECIFIED'
  | 'EXECUTOR_STATE_ACTIVE'
  | 'EXECUTOR_STATE_DRAINING'
  | 'EXECUTOR_STATE_LOST'
  | 'EXECUTOR_STATE_STOPPED';

export type ProblemSeverity =
  | 'PROBLEM_SEVERITY_UNSPECIFIED'
  | 'PROBLEM_SEVERITY_ERROR'
  | 'PROBLEM_SEVERITY_WARNING';

export type SslMode =
  | 'SSL_MODE_UNSPECIFIED'
  | 'SSL_MODE_DISABLE'
  | 'SSL_MODE_REQUIRE'
  | 'SSL_MODE_VERIFY_FULL';

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [name: string]: JsonValue };

/** Why a run, task run or attempt did not succeed. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  /** Empty when the failure is the run's own. */
  readonly taskId: string;
  readonly details: Readonly<Record<string, string>>;
  readonly hint: string;
};

export type TaskCounts = {
  readonly total: number;
  readonly pending: number;
  readonly ready: number;
  readonly running: number;
  readonly retrying: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly timedOut: number;
  readonly skipped: number;
  readonly upstreamFailed: number;
};

export type Run = {
  readonly runId: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly state: RunState;
  readonly parameters?: JsonObject;
  readonly trigger: TriggerKind;
  readonly createTime?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly deadlineTime?: string;
  readonly failure?: Failure;
  readonly taskCounts?: TaskCounts;
  /** Decimal text. */
  readonly rowsLoaded: string;
  readonly traceId: string;
  /** Empty where no Jaeger is configured. */
  readonly traceUrl: string;
  /** Number of the run's newest event, decimal text. */
  readonly sequence: string;
  readonly generation: number;
  /** The run whose results this one keeps; empty for none. */
  readonly retryOfRunId: string;
  /** The run of which a task started this one; empty for none. */
  readonly parentRunId: string;
};

export type ColumnSchema = { readonly name: string; readonly type: string };

/** The output of a task, by reference. */
export type Dataset = {
  readonly uri: string;
  readonly rows: string;
  readonly bytes: string;
  readonly columns: readonly ColumnSchema[];
};

export type Attempt = {
  readonly attemptId: string;
  readonly number: number;
  readonly epoch: string;
  readonly state: AttemptState;
  readonly executorId: string;
  readonly readyTime?: string;
  readonly claimTime?: string;
  readonly endTime?: string;
  readonly failure?: Failure;
  readonly rows: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
};

export type TaskRun = {
  readonly runId: string;
  readonly taskId: string;
  readonly type: string;
  readonly state: TaskState;
  readonly upstreamTaskIds: readonly string[];
  readonly attemptCount: number;
  readonly readyTime?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly nextAttemptTime?: string;
  readonly rows: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly failure?: Failure;
  readonly attempts: readonly Attempt[];
  readonly dataset?: Dataset;
  /** Of a task with `foreach`, once it has begun. */
  readonly items?: { readonly total: number; readonly succeeded: number; readonly failed: number };
  /** Of an approval that was answered. */
  readonly answer?: {
    readonly approved: boolean;
    readonly approver: string;
    readonly comment: string;
    readonly answerTime?: string;
    readonly form?: Readonly<Record<string, unknown>>;
  };
};

/** What a task run did, in numbers; 64-bit integers as decimal text. */
export type TaskReport = {
  readonly taskId: string;
  readonly type: string;
  readonly state: TaskState;
  readonly attemptCount: number;
  readonly rows: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly queueMs: string;
  readonly runMs: string;
  readonly failure?: Failure;
};

/** What a run did, in numbers; 64-bit integers as decimal text. */
export type RunReport = {
  readonly run?: Run;
  readonly tasks: readonly TaskReport[];
  readonly durationMs: string;
  readonly rowsExtracted: string;
  readonly rowsLoaded: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly attemptCount: number;
  readonly lostAttemptCount: number;
  readonly criticalPathTaskIds: readonly string[];
};

export type WorkflowReport = {
  readonly workflowName: string;
  readonly runCount: string;
  readonly failedCount: string;
  readonly durationP50Ms: string;
  readonly durationP95Ms: string;
  readonly recentRuns: readonly Run[];
};

export type Overview = {
  readonly runningCount: string;
  readonly queuedCount: string;
  readonly failedLastDayCount: string;
  readonly succeededLastDayCount: string;
  readonly oldestReadyMs: string;
  readonly time?: string;
};

export type Workflow = {
  readonly name: string;
  readonly description: string;
  readonly latestVersion: number;
  readonly createTime?: string;
  readonly updateTime?: string;
  readonly taskCount: number;
};

export type WorkflowTask = {
  readonly taskId: string;
  readonly type: string;
  readonly description: string;
  readonly upstreamTaskIds: readonly string[];
  readonly columns: readonly ColumnSchema[];
};

export type WorkflowVersion = {
  readonly workflowName: string;
  readonly version: number;
  readonly source: string;
  readonly document?: JsonObject;
  readonly digest: string;
  readonly createTime?: string;
  readonly tasks: readonly WorkflowTask[];
};

/** Something wrong in a document; lines and columns count from 1, 0 where there is no place. */
export type Problem = {
  readonly severity: ProblemSeverity;
  readonly field: string;
  readonly message: string;
  readonly hint: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
};

export type Connection = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** `env:NAME` or `file:/absolute/path`; empty when none is needed. */
  readonly secretReference: string;
  readonly sslMode: SslMode;
  readonly createTime?: string;
  readonly updateTime?: string;
};

export type Executor = {
  readonly executorId: string;
  readonly address: string;
  readonly pool: string;
  readonly slots: number;
  readonly busySlots: number;
  readonly state: ExecutorState;
  readonly startTime?: string;
  readonly lastSeenTime?: string;
  readonly version: string;
};

export type RunEvent = {
  /** Like `run.started`, `task.succeeded`. */
  readonly type: string;
  readonly time?: string;
  /** The run after the change. */
  readonly run?: Run;
  /** The task run after the change, on task events. */
  readonly taskRun?: TaskRun;
};

export type TaskProgress = {
  readonly taskId: string;
  readonly rows: string;
  readonly bytes: string;
};

export type LogLine = {
  readonly time?: string;
  /** debug, info, warn or error. */
  readonly level: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly message: string;
  readonly fields?: JsonObject;
};

/** Where the parts of a running Floe are. Holds no secrets. */
export type SystemInfo = {
  readonly version: string;
  /** Addresses of the gRPC services by name: metadata, scheduler, reporting. */
  readonly services: Readonly<Record<string, string>>;
  /** Empty where no Jaeger is configured. */
  readonly jaegerUrl: string;
};

/** What an attempt left for people. */
export type Artifact = {
  readonly artifactId: string;
  readonly runId: string;
  /** Empty for an artifact of the run itself. */
  readonly taskId: string;
  /** markdown, preview, check or plot. */
  readonly kind: string;
  readonly title: string;
  readonly mediaType: string;
  readonly createTime?: string;
};

export type LineageEdge = {
  readonly fromDataset: string;
  /** Empty: columns that are not known. */
  readonly fromColumn: string;
  readonly toDataset: string;
  /** Empty: all rows. */
  readonly toColumn: string;
  readonly kind: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly taskId: string;
  readonly transformation: string;
  readonly masked: boolean;
  readonly certainty: string;
  readonly depth: number;
};

export type Lineage = {
  readonly edges: readonly LineageEdge[];
  /** What the question was about, in full. */
  readonly dataset: string;
  readonly column: string;
  readonly truncated: boolean;
  readonly nextPageToken: string;
};

/** How a task would be run. */
export type ExplainedTask = {
  readonly taskId: string;
  readonly type: string;
  readonly upstreamTaskIds: readonly string[];
  readonly step: number;
  readonly sql: string;
  readonly columnsLeftOut: readonly string[];
  readonly rowsExtracted: string;
  readonly plan: readonly string[];
  readonly columns: readonly ColumnSchema[];
};
