import type { JsonObject } from './json.ts';

/** Where a run stands. */
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

/** Where a task of a run stands. */
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

/** Where an attempt stands; `LOST` is one whose executor died. */
export type AttemptState =
  | 'ATTEMPT_STATE_UNSPECIFIED'
  | 'ATTEMPT_STATE_READY'
  | 'ATTEMPT_STATE_RUNNING'
  | 'ATTEMPT_STATE_SUCCEEDED'
  | 'ATTEMPT_STATE_FAILED'
  | 'ATTEMPT_STATE_CANCELLED'
  | 'ATTEMPT_STATE_TIMED_OUT'
  | 'ATTEMPT_STATE_LOST';

/** What started a run. */
export type TriggerKind =
  | 'TRIGGER_KIND_UNSPECIFIED'
  | 'TRIGGER_KIND_MANUAL'
  | 'TRIGGER_KIND_SCHEDULE'
  | 'TRIGGER_KIND_BACKFILL'
  | 'TRIGGER_KIND_WORKFLOW'
  | 'TRIGGER_KIND_RETRY';

/** Why a run, task run or attempt did not succeed. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  /** Empty when the failure is the run's own. */
  readonly taskId: string;
  readonly details: Readonly<Record<string, string>>;
  readonly hint: string;
};

/** How many tasks of a run are in each state. */
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

/** One execution of a version of a workflow. */
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
  /** As its caller has noted. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The runs that it belongs to; empty for none. */
  readonly groupId?: string;
};

/** A column of a dataset. */
export type ColumnSchema = { readonly name: string; readonly type: string };

/** The output of a task, by reference. */
export type Dataset = {
  readonly uri: string;
  readonly rows: string;
  readonly bytes: string;
  readonly columns: readonly ColumnSchema[];
  /** The files that it lies in, in the order of its rows, where these are several. */
  readonly partUris?: readonly string[];
};

/** One try of a task, by one executor. */
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
  /** How often it was done again after it had succeeded, because its dataset had gone missing. */
  readonly recomputeCount: number;
  /** Why no executor can take it at present, while it is ready. */
  readonly waitingReason?: string;
  /** The run that made the result, when it was known already; empty otherwise. */
  readonly cachedFromRunId: string;
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
  /** It made rows, and nobody has counted them: they were not stored. */
  readonly rowsUncounted: boolean;
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

/** What became of the items of a task. */
export type TaskItems = {
  /** A letter for each item: `.` has not begun, `r` runs, `w` waits to be tried again, `s` succeeded, `f` failed. */
  readonly states: string;
  /** The first ones. */
  readonly failures: readonly { readonly index: number; readonly failure?: Failure }[];
};
