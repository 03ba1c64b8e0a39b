import { sql } from 'kysely';
import type { LegacyRun } from '@floe/rpc/internal-contracts';
import { toDate } from '../../rows-to-run.ts';

/** A row of workflow_run_stats with the counts of its nodes. */
export type LegacyRunRow = {
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly folder_id: string;
  readonly folder_name: string;
  readonly job_id: string;
  readonly job_name: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly job_run_id: string;
  readonly workflow_run_id: string;
  readonly run_status: string;
  readonly run_by_id: string;
  readonly run_by: string;
  readonly user_photourl: string;
  readonly start_timestamp: number;
  readonly end_timestamp: number | null;
  readonly prefect_flow_run_id: string;
  readonly floe_run_id: string | null;
  readonly total_nodes: number;
  readonly completed_nodes: number;
  readonly failed_nodes: number;
  readonly running_nodes: number;
  readonly records_processed: number;
  readonly memory_mb: number | null;
};

/**
 * Counts the nodes of a run `s`. It looks into one run at a time: a join of the views would read the history of all runs to
 * find those of a page.
 */
export const NODE_COUNTS = sql`
  select count(*) as total_nodes, count(*) filter (where d.node_status = 'Completed') as completed_nodes,
    count(*) filter (where d.node_status = 'Failed') as failed_nodes,
    count(*) filter (where d.node_status = 'Running') as running_nodes,
    coalesce(sum(d.target_rows) filter (where d.node_type = 'target'), 0)::bigint as records_processed,
    sum(d.memory_mb)::float8 as memory_mb
  from (
    select node_status, node_type, rows as target_rows, peak_memory_bytes / 1048576.0 as memory_mb
    from run_node where run_id = s.floe_run_id
    union all
    select node_status, node_type, target_rows, memory_usage_mb::numeric
    from legacy_node_run where workflow_run_id = s.workflow_run_id and s.floe_run_id is null
  ) d`;

export function toLegacyRun(row: LegacyRunRow): LegacyRun {
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
    totalNodes: row.total_nodes,
    completedNodes: row.completed_nodes,
    failedNodes: row.failed_nodes,
    runningNodes: row.running_nodes,
    recordsProcessed: BigInt(row.records_processed),
    isOwn: row.floe_run_id !== null,
  };
}
