import type { AccessClient } from './access-types.ts';
import type { ImportClient } from './import-types.ts';
import type { ScheduleClient } from './schedule-types.ts';
import type { LogLine, RunEvent, TaskProgress } from './event-types.ts';
import type { JsonObject } from './json.ts';
import type { ReportClient } from './report-client-types.ts';
import type { Artifact } from './report-types.ts';
import type { Run, RunState, TaskItems, TaskRun } from './run-types.ts';
import type { Connection, Executor, SslMode, SystemInfo } from './system-types.ts';
import type {
  ExplainedTask,
  Problem,
  Workflow,
  WorkflowTask,
  WorkflowMetadata,
  WorkflowVersion,
} from './workflow-types.ts';
import type { PageOptions } from './page-options.ts';
import type { ViewClient } from './view-types.ts';

/** A document that was stored, or was there already. */
export type AppliedWorkflow = {
  readonly version?: WorkflowVersion;
  /** The newest version had the same content already. */
  readonly unchanged: boolean;
  readonly warnings: readonly Problem[];
};

/** What is wrong with a document, and what it would do. */
export type ValidatedWorkflow = {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  readonly tasks: readonly WorkflowTask[];
};

/** How a document would be run, step by step. */
export type ExplainedWorkflow = {
  readonly workflowName: string;
  readonly tasks: readonly ExplainedTask[];
  readonly warnings: readonly Problem[];
};

/** The workflow, its parameters, and what else a run is given. */
export type StartRunOptions = {
  readonly workflowName: string;
  /** The newest version when absent. */
  readonly workflowVersion?: number;
  readonly parameters?: JsonObject;
  /** The same id again answers the first run. A random one is sent when absent. */
  readonly requestId?: string;
  /** Every task does its work, also where a result of an earlier run could be used. */
  readonly ignoreCache?: boolean;
  /** To find the run by: at most 32. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Runs that belong together; `cancelRuns` stops all of them. */
  readonly groupId?: string;
  /** Refused with WORKFLOW_ALREADY_RUNNING while another run of the workflow goes on. */
  readonly exclusive?: boolean;
};

/** Which runs are asked for; without any, the newest. */
export type ListRunsOptions = PageOptions & {
  readonly workflowName?: string;
  readonly states?: readonly RunState[];
  /** Only runs that have all of these annotations. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Only runs created at or after this instant, RFC 3339. */
  readonly fromTime?: string;
  /** Only runs created before this instant, RFC 3339. */
  readonly toTime?: string;
  readonly groupId?: string;
};

/** A connection to be made or changed; its secret is a reference. */
export type NewConnection = NewDatabase | NewHttpApi;

export type NewDatabase = {
  readonly kind?: 'CONNECTION_KIND_POSTGRES';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly secretReference?: string;
  readonly sslMode?: SslMode;
};

export type NewHttpApi = {
  readonly kind: 'CONNECTION_KIND_HTTP';
  readonly name: string;
  /** Like `https://api.example.com/v1`. */
  readonly baseUrl: string;
  /** For Basic; without it the secret is sent as Bearer. */
  readonly username?: string;
  readonly secretReference?: string;
  /** The header that the secret goes into as it is, like `X-Api-Key`. */
  readonly secretHeader?: string;
  /** What requests go through, like `http://proxy.example.com:3128`. */
  readonly proxy?: string;
  /** Where USER:PASSWORD of the proxy is. */
  readonly proxySecretReference?: string;
  /** Where the authorities are that the server is trusted by, in PEM. */
  readonly caReference?: string;
  /** Where the certificate is that the client shows, in PEM. */
  readonly clientCertificateReference?: string;
  readonly clientKeyReference?: string;
};

/** What `watchRun` gives: numbered events, and between them how far running tasks are. */
export type RunUpdate =
  | { readonly kind: 'event'; readonly sequence: string; readonly event: RunEvent }
  | { readonly kind: 'progress'; readonly progress: TaskProgress };

/** A line of a log, with its number within the run. */
export type LogEntry = { readonly sequence: string; readonly line: LogLine };

/** Told before each try to get a broken stream back. */
export type Reconnect = {
  /** Counts from 1 since the last message that came through. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: Error;
};

/** Where a stream begins, when it ends, and who hears of a new connection. */
export type StreamOptions = {
  /** Sequence of the last event or line that the caller has; all when absent. */
  readonly afterSequence?: string;
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal;
  readonly onReconnect?: (reconnect: Reconnect) => void;
};

/** Which lines of a log. */
export type LogFilter = {
  /** Only lines of this task. */
  readonly taskId?: string;
  /** Only lines of this attempt. */
  readonly attempt?: number;
  /** Only lines with this text in the message, whatever its case. */
  readonly search?: string;
  /** Only lines of this level or a worse one: debug, info, warn or error. */
  readonly level?: string;
  /** Only lines written at or after this instant, RFC 3339. */
  readonly fromTime?: string;
  /** Only lines written before this instant. */
  readonly toTime?: string;
};

/** Which lines of a log are asked for. */
export type LogOptions = LogFilter & { readonly afterSequence?: string };

/** The answer of a person to an approval. */
export type Approval = {
  readonly approved: boolean;
  /** Who answers, for people. */
  readonly approver?: string;
  readonly comment?: string;
  /** Values of the form by name. */
  readonly form?: Readonly<Record<string, unknown>>;
};

/** Which lines of a log are followed. */
export type TailLogsOptions = StreamOptions & LogFilter;

/**
 * Floe over HTTP. Every method rejects with a FloeError: the server's own code, or SERVICE_UNAVAILABLE when nothing
 * answers at the address, or DEADLINE_EXCEEDED when no answer came in time.
 */
export type FloeClient = ImportClient &
  ScheduleClient &
  ReportClient &
  AccessClient &
  ViewClient & {
    applyWorkflow(
      source: string,
      options?: { readonly validateOnly?: boolean },
    ): Promise<AppliedWorkflow>;
    validateWorkflow(source: string): Promise<ValidatedWorkflow>;
    /** How a document would be run. Rejects with DOCUMENT_INVALID as `applyWorkflow` does. */
    explainWorkflow(source: string): Promise<ExplainedWorkflow>;
    /** The JSON Schema of the document, with the task types that the packages of this Floe bring. */
    getDocumentSchema(): Promise<JsonObject>;
    getWorkflow(
      name: string,
      options?: { readonly version?: number },
    ): Promise<{
      readonly workflow?: Workflow;
      readonly version?: WorkflowVersion;
      /** What the newest runs stored about the workflow, by name. */
      readonly metadata: readonly WorkflowMetadata[];
    }>;
    listWorkflows(
      options?: PageOptions & { readonly search?: string },
    ): Promise<{ readonly workflows: readonly Workflow[]; readonly nextPageToken: string }>;
    listWorkflowVersions(
      name: string,
      options?: PageOptions,
    ): Promise<{ readonly versions: readonly WorkflowVersion[]; readonly nextPageToken: string }>;
    deleteWorkflow(name: string): Promise<void>;

    startRun(
      options: StartRunOptions,
    ): Promise<{ readonly run: Run; readonly alreadyStarted: boolean }>;
    getRun(runId: string): Promise<Run>;
    listRuns(
      options?: ListRunsOptions,
    ): Promise<{ readonly runs: readonly Run[]; readonly nextPageToken: string }>;
    /** With `graceMs`, what runs may end by itself for so long. */
    cancelRun(
      runId: string,
      options?: { readonly reason?: string; readonly graceMs?: number },
    ): Promise<Run>;
    /** Stops all runs of a group; gives those that had not ended. */
    cancelRuns(
      groupId: string,
      options?: { readonly reason?: string; readonly graceMs?: number },
    ): Promise<readonly Run[]>;
    pauseRun(runId: string): Promise<Run>;
    resumeRun(runId: string): Promise<Run>;
    /**
     * Runs an ended run again, as a new run that keeps the good results: what did not succeed, or everything from a task on,
     * or of that task only some `items`: positions and ranges, counted from 0, like `3,7-9`, or `failed`.
     */
    retryRun(
      runId: string,
      options?: {
        readonly fromTaskId?: string;
        readonly items?: string;
        readonly requestId?: string;
      },
    ): Promise<Run>;
    /** Answers an approval. */
    approveTask(runId: string, taskId: string, answer: Approval): Promise<TaskRun>;
    listTaskRuns(
      runId: string,
      options?: PageOptions,
    ): Promise<{ readonly taskRuns: readonly TaskRun[]; readonly nextPageToken: string }>;
    /** What became of each item of a task with `foreach`. */
    getTaskItems(runId: string, taskId: string): Promise<TaskItems>;
    /** Without a task: those of the run itself, then those of all tasks. */
    listArtifacts(
      runId: string,
      options?: PageOptions & { readonly taskId?: string },
    ): Promise<{ readonly artifacts: readonly Artifact[]; readonly nextPageToken: string }>;
    /** With its content: text, or JSON as text. */
    getArtifact(
      artifactId: string,
    ): Promise<{ readonly artifact: Artifact; readonly content: string }>;
    /** The events of a run in order, then live ones until the run has ended. Reconnects by itself. */
    watchRun(runId: string, options?: StreamOptions): AsyncGenerator<RunUpdate, void>;
    /**
     * Ids of runs that have changed, as it happens. The first ones are none: a list that is read then misses nothing after.
     * None come again when nothing has changed for a while, and when the connection was made again.
     */
    watchRuns(
      options?: Omit<StreamOptions, 'afterSequence'>,
    ): AsyncGenerator<readonly string[], void>;
    /** One batch of stored lines, oldest first; empty when there are no more. */
    listLogs(runId: string, options?: LogOptions): Promise<readonly LogEntry[]>;
    /** The log of a run in order, then live lines until the run has ended. Reconnects by itself. */
    tailLogs(runId: string, options?: TailLogsOptions): AsyncGenerator<LogEntry, void>;

    setConnection(connection: NewConnection): Promise<Connection>;
    getConnection(name: string): Promise<Connection>;
    listConnections(
      options?: PageOptions,
    ): Promise<{ readonly connections: readonly Connection[]; readonly nextPageToken: string }>;
    deleteConnection(name: string): Promise<void>;
    testConnection(
      name: string,
    ): Promise<{ readonly serverVersion: string; readonly latencyMs: number }>;

    listExecutors(): Promise<readonly Executor[]>;
    getSystem(): Promise<SystemInfo>;
    /** Resolves when the gateway and the services behind it answer; rejects with SERVICE_UNAVAILABLE. */
    checkReady(): Promise<void>;
  };
