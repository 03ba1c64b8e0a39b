import type { LegacyRun } from '@floe/rpc/internal-contracts';
import { offsetMinutes, onUsersClock } from './caller-time.ts';
import type { LegacyCall } from './context.ts';
import { narrowByType, readListFilter } from './list-filter.ts';
import { flagOf, userOf } from './read-body.ts';

/** A page of runs, with counts of all that the filters leave. */
export async function getWorkflowRunWithFilters({
  context,
  body,
  options,
}: LegacyCall): Promise<object> {
  const offset = offsetMinutes(userOf(body).utcOffset);
  const isDownload = flagOf(body, 'isDownload');
  const { request, sortField } = readListFilter(body['filters'], { offset, isDownload });
  const answer = await context.clients.legacy.listLegacyRuns(request, options);
  const items = answer.runs.map((run) => {
    const item = itemOf(run, offset);
    return { _id: item, sortField: sortValue(item, sortField) };
  });
  const { activeCount, endedCount } = answer;
  return {
    Items: items,
    total_records: {
      active: activeCount,
      inactive: endedCount,
      totalDocs: activeCount + endedCount,
    },
  };
}

function itemOf(run: LegacyRun, offset: number) {
  return {
    workflow_run_id: run.workflowRunId,
    workflow_id: run.workflowId,
    workflow_name: run.workflowName,
    job_run_id: run.jobRunId,
    job_name: run.jobName,
    runStatus: run.runStatus,
    startTimestamp: onUsersClock(run.startTime, offset),
    end_timestamp: onUsersClock(run.endTime, offset),
    runBy: { id: run.runById, name: run.runBy, photoURL: run.userPhotourl },
    prefect_flow_run_id: run.prefectFlowRunId,
    workspace_name: run.workspaceName,
    folder_name: run.folderName,
    total_nodes: run.totalNodes,
    completed_nodes: run.completedNodes,
    failed_nodes: run.failedNodes,
    running_nodes: run.runningNodes,
    recordsProcessed: Number(run.recordsProcessed),
  };
}

/** Names of rows and names of items are both taken. */
function sortValue(item: ReturnType<typeof itemOf>, field: string): unknown {
  switch (field) {
    case 'start_timestamp':
      return item.startTimestamp;
    case 'run_status':
      return item.runStatus;
    case 'run_by':
    case 'runBy':
      return item.runBy.name;
    default:
      return Reflect.get(item, field);
  }
}

/** The same runs as rows, each with the way to its workflow. */
export async function getWorkflowRunStats({ context, body, options }: LegacyCall): Promise<object> {
  const offset = offsetMinutes(userOf(body).utcOffset);
  const filters = body['filters'];
  const question = readListFilter(filters, { offset, isDownload: false });
  const { request } = narrowByType(question, filters, { offset, now: context.now() });
  const { runs, activeCount, endedCount } = await context.clients.legacy.listLegacyRuns(
    request,
    options,
  );
  return {
    Items: runs.map((run) => statsOf(run, offset)),
    total_records: activeCount + endedCount,
    breadcrumbs: runs.map((run) => [
      { workspace_name: run.workspaceName, workspace_id: run.workspaceId },
      { folder_name: run.folderName, folder_id: run.folderId },
      { workflow_name: run.workflowName, workflow_id: run.workflowId },
    ]),
  };
}

function statsOf(run: LegacyRun, offset: number): object {
  return {
    workspace_id: run.workspaceId,
    workspace_name: run.workspaceName,
    folder_id: run.folderId,
    folder_name: run.folderName,
    job_id: run.jobId,
    job_name: run.jobName,
    workflow_id: run.workflowId,
    workflow_name: run.workflowName,
    job_run_id: run.jobRunId,
    workflow_run_id: run.workflowRunId,
    run_status: run.runStatus,
    run_by_id: run.runById,
    run_by: run.runBy,
    user_photourl: run.userPhotourl,
    start_timestamp: onUsersClock(run.startTime, offset),
    end_timestamp: onUsersClock(run.endTime, offset),
    runtime_seconds: secondsOf(run),
    prefect_flow_run_id: run.prefectFlowRunId,
    total_nodes: run.totalNodes,
    completed_nodes: run.completedNodes,
    failed_nodes: run.failedNodes,
    running_nodes: run.runningNodes,
    recordsProcessed: Number(run.recordsProcessed),
  };
}

/** How long a run took; null while it goes on. */
export function secondsOf({ startTime, endTime }: LegacyRun): number | null {
  if (startTime === undefined || endTime === undefined) return null;
  return (endTime.getTime() - startTime.getTime()) / 1_000;
}
