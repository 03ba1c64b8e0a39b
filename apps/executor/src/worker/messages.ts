/** What supervisor and worker say to each other over the IPC channel (structured clones, not JSON). */
import type { TargetAddress } from '@floe/database/target';
import type { AttemptFailure, FailedItem } from '@floe/execution';
import type { HttpEndpoint } from '@floe/http';
import type { LogLevel, ProgressUpdate, TaskArtifact, TaskRecord } from '@floe/tasks/run';
import type { FinishedSpan } from '@floe/telemetry';

/** A task that an attempt carries out. */
export type StagedJob = {
  readonly taskId: string;
  /** Task type, a key of RUNNERS. */
  readonly type: string;
  readonly configJson: string;
  /** The columns that the dataset must have, JSON of a schema. */
  readonly contractJson?: string;
  readonly inputs: readonly { readonly taskId: string; readonly datasetJson: string }[];
  /** Absolute; its folder exists. */
  readonly outputPath: string;
};

/** One attempt, as the worker gets it. */
export type Job = StagedJob & {
  readonly runId: string;
  readonly attempt: number;
  readonly epoch: number;
  readonly parametersJson: string;
  /** Columns whose values nobody is shown. */
  readonly maskedColumns: readonly string[];
  /** The items to go through; none for a task without. */
  readonly items: readonly { readonly index: number; readonly valueJson: string }[];
  /** Where the values of the items are, when they are rows. */
  readonly itemRows?: {
    readonly datasetJson: string;
    readonly column: string;
    readonly type: string;
  };
  /** Tasks whose rows its own is made of and nobody has stored, and tasks that go on with what it makes. */
  readonly makers: readonly StagedJob[];
  readonly followers: readonly StagedJob[];
  /** The part of the task's dataset that this attempt makes, where it makes no more. */
  readonly partition?: {
    readonly index: number;
    readonly count: number;
    /** Empty where the partitions share nothing. */
    readonly handoutJson: string;
  };
  /** The folder in which tasks may read and write files; absent when there is none. */
  readonly filesDir?: string;
  /** Hosts of the own network that tasks may send requests to. */
  readonly httpHosts: readonly string[];
  /** Parent of the worker's spans. */
  readonly traceparent: string;
};

/** A dataset of an attempt that has ended, as a worker shows it to people. */
export type ShownDataset = {
  readonly taskId: string;
  /** With addresses of this machine. */
  readonly datasetJson: string;
  /** Columns whose values nobody is shown. */
  readonly maskedColumns: readonly string[];
  readonly partition?: { readonly index: number; readonly count: number };
};

export type ToWorker =
  | { readonly kind: 'run'; readonly job: Job }
  | { readonly kind: 'show'; readonly dataset: ShownDataset }
  | { readonly kind: 'connection'; readonly request: number; readonly address: TargetAddress }
  | { readonly kind: 'endpoint'; readonly request: number; readonly endpoint: HttpEndpoint }
  | { readonly kind: 'recorded'; readonly request: number }
  | { readonly kind: 'refused'; readonly request: number; readonly failure: AttemptFailure };

type TaskSucceeded = {
  readonly kind: 'succeeded';
  readonly rows: number;
  readonly bytes: number;
  /** Empty when the task makes no dataset, or it is not stored. */
  readonly datasetJson: string;
  readonly failedItems: readonly FailedItem[];
  readonly hasUncountedRows?: boolean;
};

export type FollowerEnd = { readonly taskId: string } & (TaskSucceeded | JobFailed);

export type JobSucceeded = TaskSucceeded & { readonly followers?: readonly FollowerEnd[] };

export type JobFailed = { readonly kind: 'failed'; readonly failure: AttemptFailure };

export type LogMessage = {
  readonly kind: 'log';
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

export type ConnectionNeeded = {
  readonly kind: 'connection_needed' | 'endpoint_needed';
  readonly request: number;
  readonly name: string;
};

export type RecordWanted = {
  readonly kind: 'record_wanted';
  readonly request: number;
  readonly record: TaskRecord;
};

/** What a worker says about a job; the last two end it. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly update: ProgressUpdate }
  | LogMessage
  | { readonly kind: 'artifact'; readonly artifact: TaskArtifact }
  | { readonly kind: 'span'; readonly span: FinishedSpan }
  /** A dataset that people are to be shown, once there is time for it. */
  | { readonly kind: 'made'; readonly dataset: ShownDataset }
  | ConnectionNeeded
  | RecordWanted
  | JobSucceeded
  | JobFailed;

/** `shown`: the answer to `show`, without an artifact where none can be made. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'shown'; readonly artifact?: TaskArtifact }
  | JobMessage;
