import type { LegacyRun } from '@floe/rpc/internal-contracts';
import { toDate } from '../../rows-to-run.ts';
import type { CountedRow, NodeCountsRow } from './node-counts.ts';

/** A row of workflow_run_stats, and of a run of Floe where it is in its history. */
export type LegacyRunRow = CountedRow & {
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly folder_id: string;
  readonly folder_name: string;
  readonly job_id: string;
  readonly job_name: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly job_run_id: string;
  readonly run_status: string;
  readonly run_by_id: string;
  readonly run_by: string;
  readonly user_photourl: string;
  readonly start_timestamp: number;
  readonly end_timestamp: number | null;
  readonly prefect_flow_run_id: string;
};

export function toLegacyRun(row: LegacyRunRow, nodes: NodeCountsRow): LegacyRun {
  return {
    workspaceId: row.workspace_id,
    workspaceName: row.workspace_name,
    folderId: row.folder_id,
    folderName: row.folder_name,
    jobId: row.job_id,
    jobName: row.job_name,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    jobRunId: row.job_run_id,
    workflowRunId: row.workflow_run_id,
    runStatus: row.run_status,
    runById: row.run_by_id,
    runBy: row.run_by,
    userPhotourl: row.user_photourl,
    startTime: toDate(row.start_timestamp),
    endTime: toDate(row.end_timestamp),
    prefectFlowRunId: row.prefect_flow_run_id,
    totalNodes: nodes.total_nodes,
    completedNodes: nodes.completed_nodes,
    failedNodes: nodes.failed_nodes,
    runningNodes: nodes.running_nodes,
    recordsProcessed: BigInt(nodes.records_processed),
    isOwn: row.floe_run_id !== null,
  };
}
