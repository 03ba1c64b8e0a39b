import { unreadable } from './finding.ts';
import type { JsonRecord } from './json.ts';

/** Words that lists of runs show. */
export const RUN_STATUSES = ['Started', 'Running', 'Completed', 'Failed', 'Stopped'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A run of another system, as it was. Instants are ISO 8601; whole numbers of 64 bits are text. */
export type PastRun = {
  readonly source: 'jobRun' | 'workflow_run_stats' | 'prefect';
  readonly workflowRunId: string;
  readonly jobRunId?: string;
  readonly workflowId?: string;
  readonly workflowName?: string;
  readonly workspaceId?: string;
  readonly workspaceName?: string;
  readonly folderId?: string;
  readonly folderName?: string;
  readonly jobId?: string;
  readonly jobName?: string;
  readonly runStatus: RunStatus;
  readonly runById?: string;
  readonly runBy?: string;
  readonly userPhotourl?: string;
  readonly updatedBy?: string;
  readonly startTime: string;
  readonly endTime?: string;
  readonly prefectFlowRunId?: string;
  readonly prefectDeploymentId?: string;
  readonly prefectFlowRunName?: string;
  readonly flowRunTags?: readonly string[];
  readonly flowParameters?: JsonRecord;
  readonly retryCount?: number;
  readonly maxRetries?: number;
  /** Where it came from, as it was. */
  readonly document: JsonRecord;
  readonly nodes: readonly PastNodeRun[];
};

export type PastNodeRun = {
  readonly nodeId: string;
  readonly nodeName?: string;
  readonly connectorType?: string;
  readonly nodeType?: string;
  readonly nodeStatus?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly sourceRows?: string;
  readonly targetRows?: string;
  readonly outputStoragePath?: string;
  readonly totalRunTimeSec?: number;
  readonly errorMessage?: string;
  readonly parentStorageSize?: string;
  readonly memoryUsageMb?: number;
};

const WORDS: Readonly<Record<string, RunStatus>> = {
  started: 'Started',
  queued: 'Started',
  pending: 'Started',
  scheduled: 'Started',
  running: 'Running',
  inprogress: 'Running',
  completed: 'Completed',
  success: 'Completed',
  successful: 'Completed',
  succeeded: 'Completed',
  failed: 'Failed',
  failure: 'Failed',
  error: 'Failed',
  crashed: 'Failed',
  stopped: 'Stopped',
  cancelled: 'Stopped',
  canceled: 'Stopped',
  killed: 'Stopped',
};

/** The word that lists show for a status. Throws DOCUMENT_INVALID for one that is not known. */
export function runStatusOf(text: string, path: string): RunStatus {
  const word = text.toLowerCase().replaceAll(/[\s_-]/g, '');
  const status = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (status !== undefined) return status;
  const message = `is ${JSON.stringify(text)}, none of ${RUN_STATUSES.join(', ')}`;
  throw unreadable([{ path, message }]);
}
