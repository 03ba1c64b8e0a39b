import type {
  GetLegacyReportResponse,
  LegacyOverview,
  LegacyRun,
} from '@floe/rpc/internal-contracts';
import type { LegacyCall } from './context.ts';
import { secondsOf } from './list-runs.ts';
import { textOf } from './read-body.ts';
import { refuse } from './refusal.ts';

/** What became of a workflow. Its instants are in UTC: the caller of a report does not say who reads it. */
export async function getWorkflowRunReport({
  context,
  body,
  options,
}: LegacyCall): Promise<object> {
  const workflowId = textOf(body, 'workflowId');
  if (workflowId === '') throw refuse('Please enter the field WORKFLOW ID');
  const report = await context.clients.legacy.getLegacyReport({ workflowId }, options);
  const { overview } = report;
  if (overview === undefined) throw refuse(`Workflow not found: ${workflowId}`);
  return {
    overview_card: overviewCard(overview, report.runs[0]),
    performance_metrics: performanceOf(report.performance),
    execution_metrics: report.metrics.map((metric) => ({
      metric_name: metric.metricName,
      metric_value: metric.metricValue,
      metric_unit: metric.metricUnit,
      metric_type: metric.metricType,
      recorded_at: iso(metric.recordTime),
    })),
    historical_runs: report.runs.map((run) => ({
      workflow_run_id: run.workflowRunId,
      run_status: run.runStatus,
      start_timestamp: iso(run.startTime),
      end_timestamp: iso(run.endTime),
      run_by: run.runBy,
      prefect_flow_run_id: run.prefectFlowRunId,
      runtime_seconds: secondsOf(run),
    })),
  };
}

function overviewCard(overview: LegacyOverview, last: LegacyRun | undefined): object {
  return {
    workspace_id: overview.workspaceId,
    workspace_name: overview.workspaceName,
    folder_id: overview.folderId,
    folder_name: overview.folderName,
    job_id: overview.jobId,
    job_name: overview.jobName,
    workflow_id: overview.workflowId,
    workflow_name: overview.workflowName,
    created_at: iso(overview.createTime),
    created_by: overview.createdBy,
    last_run_id: last?.workflowRunId ?? null,
    last_run_at: iso(last?.startTime),
    last_run_status: last?.runStatus ?? null,
    prefect_flow_run_id: last?.prefectFlowRunId ?? null,
  };
}

function performanceOf(performance: GetLegacyReportResponse['performance']): object {
  return {
    total_nodes: performance?.totalNodes ?? 0,
    completed_tasks: performance?.completedTasks ?? 0,
    running_tasks: performance?.runningTasks ?? 0,
    failed_tasks: performance?.failedTasks ?? 0,
    total_rows_processed: Number(performance?.totalRowsProcessed ?? 0n),
    avg_execution_time: performance?.avgExecutionSeconds ?? 0,
    total_memory_used: performance?.totalMemoryMb ?? 0,
  };
}

function iso(instant: Date | undefined): string | null {
  return instant?.toISOString() ?? null;
}
