/** What supervisor and worker say to each other over the IPC channel (structured clones, not JSON). */
import type { TargetAddress } from '@floe/database';
import type { AttemptFailure, FailedItem } from '@floe/execution';
import type { LogLevel, ProgressUpdate, TaskArtifact } from '@floe/tasks/run';
import type { FinishedSpan } from '@floe/telemetry';

/** One attempt, as the worker gets it. */
export type Job = {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly epoch: number;
  /** Task type, a key of RUNNERS. */
  readonly type: string;
  readonly configJson: string;
  readonly parametersJson: string;
  /** The columns that the dataset must have, JSON of a schema. */
  readonly contractJson?: string;
  /** Columns whose values nobody is shown. */
  readonly maskedColumns: readonly string[];
  readonly inputs: readonly { readonly taskId: string; readonly datasetJson: string }[];
  /** The items to go through; none for a task without. */
  readonly items: readonly { readonly index: number; readonly valueJson: string }[];
  /** Where the values of the items are, when they are rows. */
  readonly itemRows?: {
    readonly datasetJson: string;
    readonly column: string;
    readonly type: string;
  };
  /** Absolute; its folder exists. */
  readonly outputPath: string;
  /** The folder in which tasks may read and write files; absent when there is none. */
  readonly filesDir?: string;
  /** Parent of the worker's spans. */
  readonly traceparent: string;
};

export type ToWorker =
  | { readonly kind: 'run'; readonly job: Job }
  | { readonly kind: 'connection'; readonly request: number; readonly address: TargetAddress }
  | { readonly kind: 'no_connection'; readonly request: number; readonly failure: AttemptFailure };

export type JobSucceeded = {
  readonly kind: 'succeeded';
  readonly rows: number;
  readonly bytes: number;
  /** Empty when the task makes no dataset. */
  readonly datasetJson: string;
  readonly failedItems: readonly FailedItem[];
};

export type JobFailed = { readonly kind: 'failed'; readonly failure: AttemptFailure };

export type LogMessage = {
  readonly kind: 'log';
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

export type ConnectionNeeded = {
  readonly kind: 'connection_needed';
  readonly request: number;
  readonly name: string;
};

/** What a worker says while it runs a job; the last two end the job. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly update: ProgressUpdate }
  | LogMessage
  | { readonly kind: 'artifact'; readonly artifact: TaskArtifact }
  | { readonly kind: 'span'; readonly span: FinishedSpan }
  | ConnectionNeeded
  | JobSucceeded
  | JobFailed;

export type FromWorker = { readonly kind: 'ready' } | JobMessage;
