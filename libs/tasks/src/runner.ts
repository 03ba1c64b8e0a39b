import type { TargetAddress } from '@floe/database/target';
import type { ParameterValue, Schema } from '@floe/expression';
import type { HttpEndpoint } from '@floe/http';

/** A dataset in the store, by reference. Rows never travel in messages. */
export type DatasetReference = {
  /** Of an Arrow IPC file: `file:///...` where it is read, and in a store `nats://...` or `s3://...`. */
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly schema: Schema;
  /** Tells its content from any other; the executor adds it where the task does not know it. */
  readonly hash?: string;
  /** The files that it lies in, where these are several; the address then only names it. */
  readonly parts?: readonly DatasetPart[];
};

/** A file of a dataset of several. */
export type DatasetPart = {
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly hash?: string;
  /** The partition that made it, counted from 0. */
  readonly partition?: number;
};

/** The share of an attempt in a task that several make together. */
export type PartitionShare = {
  readonly index: number;
  readonly count: number;
  /** What the lead of the partitions has handed out; absent where they share nothing. */
  readonly handout?: unknown;
};

export type TaskInput = { readonly taskId: string; readonly dataset: DatasetReference };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type ProgressUpdate = {
  readonly rows?: number;
  readonly bytes?: number;
  /** How much of the work is done, 0 to 1: an estimate where the whole is one. */
  readonly share?: number;
  /** The server process of the connection, so that whoever kills the worker can cancel its statement. */
  readonly backendPid?: number;
  readonly connection?: string;
};

/** Something for people that an attempt leaves behind besides its dataset. Small: it goes into the control database. */
export type TaskArtifact = {
  /** Tells it apart from the others of the task. */
  readonly name: string;
  readonly kind: 'markdown' | 'preview' | 'check' | 'plot';
  /** JSON-safe; Markdown is a text. */
  readonly content: unknown;
};

/** A number that a task found, for people and for programs that watch them. */
export type RecordedMetric = {
  readonly name: string;
  /** Finite. */
  readonly value: number;
  /** Empty where nothing is said. */
  readonly unit: string;
  readonly type: string;
};

export type MetadataValue = string | number | boolean | null;

/** What a task has metadata keep by name. */
export type TaskRecord =
  | { readonly kind: 'metrics'; readonly metrics: readonly RecordedMetric[] }
  | {
      readonly kind: 'workflow_metadata';
      readonly entries: Readonly<Record<string, MetadataValue>>;
    };

export type SpanAttributes = Readonly<Record<string, string | number>>;

export type NoteAttributes = (attributes: SpanAttributes) => void;

/** What one attempt of a task is given. */
export type TaskContext = {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  /** Grows with every attempt of the task run; an older one must change nothing. */
  readonly epoch: number;
  /** The fields of the task in the document, validated when the workflow was applied. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly inputs: readonly TaskInput[];
  /** Where this attempt's dataset goes: an absolute path that ends in `.ipc` and that no other attempt uses. */
  readonly outputPath: string;
  /** Set when the attempt makes only a part of the task's dataset. */
  readonly partition?: PartitionShare;
  readonly signal: AbortSignal;
  /** Columns whose values nobody is shown: not in artifacts, logs or errors. */
  readonly masked: ReadonlySet<string>;
  /** The folder in which tasks may read and write files; absent where the executor has none. */
  readonly filesDir?: string;
  /** Errors: CONNECTION_NOT_FOUND, SECRET_UNAVAILABLE. */
  connection(name: string): Promise<TargetAddress>;
  /** The API of a connection. Errors: as `connection`. */
  endpoint(name: string): Promise<HttpEndpoint>;
  /** Hosts of the own network that requests may reach. */
  readonly httpHosts: readonly string[];
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  progress(update: ProgressUpdate): void;
  /** Keeps an artifact, also when the attempt then fails. */
  artifact(artifact: TaskArtifact): void;
  /**
   * Resolves when all of it is kept, for as long as its run or its workflow is. Errors: EPOCH_STALE when the attempt
   * does not count any longer, LIMIT_EXCEEDED, SERVICE_UNAVAILABLE.
   */
  record(record: TaskRecord): Promise<void>;
  /** `note` adds what is known later. A span of kind `client` is that of a request to a server of others. */
  span<Result>(
    name: string,
    attributes: SpanAttributes,
    body: (traceparent: string | undefined, note: NoteAttributes) => Promise<Result>,
    kind?: 'internal' | 'client',
  ): Promise<Result>;
};

export type TaskResult = {
  /** What the task gives to those after it; a task that only does something has none. */
  readonly dataset?: DatasetReference;
  readonly rows: number;
  readonly bytes: number;
};

/** What the attempt is given that holds what the partitions of a task share. */
export type LeadContext = TaskContext & {
  readonly partitionCount: number;
  /** Lets the partitions begin; they are given this, as JSON. */
  handOut(handout: unknown): void;
};

/** Holds what the partitions of a task share until the signal comes. Throws a FloeError when it cannot any longer. */
export type LeadRunner = (context: LeadContext) => Promise<void>;

/** Runs one attempt. Throws a FloeError when the attempt fails. */
export type TaskRunner = (context: TaskContext) => Promise<TaskResult>;
