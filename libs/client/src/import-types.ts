import type { JsonObject } from './json.ts';

/** A document of another system, as text without passwords. */
export type LegacyDocument = { readonly place: string; readonly json: string };

/** A document that the caller could not read. */
export type QuarantinedDocument = {
  readonly place: string;
  readonly kind: 'workflow' | 'jobRun' | 'workflow_run_stats';
  readonly documentId: string;
  readonly reason: string;
  readonly excerpt: string;
  readonly checksum: string;
};

/** Something that an import says of a document, with its place. */
export type ImportFinding = {
  readonly path: string;
  readonly message: string;
  readonly hint: string;
};

/** What became of a document that was imported. */
export type ImportOutcome =
  | 'IMPORT_OUTCOME_IMPORTED'
  | 'IMPORT_OUTCOME_UNCHANGED'
  | 'IMPORT_OUTCOME_REFUSED'
  | 'IMPORT_OUTCOME_QUARANTINED';

/** What became of a document. */
export type ImportedWorkflow = {
  readonly place: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly outcome: ImportOutcome;
  readonly floeWorkflow: string;
  readonly refusals: readonly ImportFinding[];
  readonly notes: readonly ImportFinding[];
  readonly unmapped: readonly string[];
  /** The connections that its tasks name. */
  readonly connections: readonly ImportedConnection[];
  readonly checksum: string;
};

/** A database that imported documents speak of; empty fields are not said there. */
export type ImportedConnection = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
};

/** A run of another system, with instants in RFC 3339. What it does not say is left out. */
export type LegacyRun = {
  readonly workflowRunId: string;
  readonly runStatus: 'Started' | 'Running' | 'Completed' | 'Failed' | 'Stopped';
  readonly startTime: string;
  readonly source: 'jobRun' | 'workflow_run_stats' | 'prefect';
  readonly endTime?: string;
  readonly jobRunId?: string;
  readonly workflowId?: string;
  readonly workflowName?: string;
  readonly workspaceId?: string;
  readonly workspaceName?: string;
  readonly folderId?: string;
  readonly folderName?: string;
  readonly jobId?: string;
  readonly jobName?: string;
  readonly runById?: string;
  readonly runBy?: string;
  readonly userPhotourl?: string;
  readonly updatedBy?: string;
  readonly prefectFlowRunId?: string;
  readonly prefectDeploymentId?: string;
  readonly prefectFlowRunName?: string;
  readonly flowRunTags?: readonly string[];
  readonly flowParameters?: JsonObject;
  readonly retryCount?: number;
  readonly maxRetries?: number;
  /** JSON of what the other fields do not hold. */
  readonly document?: string;
  readonly nodes?: readonly LegacyNodeRun[];
};

/** A task of a run of another system. */
export type LegacyNodeRun = {
  readonly nodeId: string;
  readonly nodeName?: string;
  readonly connectorType?: string;
  readonly nodeType?: string;
  readonly nodeStatus?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  /** 64-bit integers are text. */
  readonly sourceRows?: string;
  readonly targetRows?: string;
  readonly outputStoragePath?: string;
  readonly totalRunTimeSec?: number;
  readonly errorMessage?: string;
  readonly parentStorageSize?: string;
  readonly memoryUsageMb?: number;
};

/** How many runs an import stored, and how many it knew. */
export type ImportedRuns = {
  /** Runs that were not there, or were otherwise. */
  readonly imported: number;
  /** Runs that were imported before. */
  readonly unchanged: number;
  /** Of the runs of the batch and their nodes, those that the tables have now. */
  readonly storedRuns: number;
  readonly storedNodes: number;
};

type Batch = {
  /** Where the documents come from, for people. */
  readonly source: string;
  readonly quarantined?: readonly QuarantinedDocument[];
};

/** Brings documents and runs of another system over. */
export type ImportClient = {
  /** At most 200 documents. What was imported before changes nothing. */
  importWorkflows(
    batch: Batch & { readonly documents: readonly LegacyDocument[] },
  ): Promise<{ readonly workflows: readonly ImportedWorkflow[] }>;
  /** At most 500 runs. What was imported before changes nothing. */
  importRuns(batch: Batch & { readonly runs: readonly LegacyRun[] }): Promise<ImportedRuns>;
};
