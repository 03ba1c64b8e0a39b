import { sql } from 'kysely';
import {
  ListLegacyRunsRequest,
  type GetLegacyReportRequest,
  type GetLegacyReportResponse,
  type LegacyMetric,
  type LegacyRun,
} from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';
import { toDate } from '../../rows-to-run.ts';
import { listLegacyRuns } from './list-runs.ts';

// The sizes that callers know.
const RUNS_MAX = 20;
const METRICS_MAX = 50;

type OverviewRow = {
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly folder_id: string;
  readonly folder_name: string;
  readonly job_id: string;
  readonly job_name: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly created_at: number | null;
  readonly created_by: string;
  readonly total_nodes: number;
};

/** What became of a workflow: its newest runs, and sums over them. */
export async function getLegacyReport(
  deps: Deps,
  { workflowId }: GetLegacyReportRequest,
): Promise<GetLegacyReportResponse> {
  const overview = await readOverview(deps, workflowId);
  if (overview === undefined) {
    return { overview: undefined, runs: [], metrics: [], performance: undefined };
  }
  const request = ListLegacyRunsRequest.create({ workflowId, limit: RUNS_MAX });
  const { runs } = await listLegacyRuns(deps, request);
  const own = runs.filter(({ isOwn }) => isOwn).map(({ workflowRunId }) => workflowRunId);
  const [metrics, memory] = await Promise.all([readMetrics(deps, own), sumMemory(deps, own)]);
  return {
    overview: {
      workspaceId: overview.workspace_id,
      workspaceName: overview.workspace_name,
      folderId: overview.folder_id,
      folderName: overview.folder_name,
      jobId: overview.job_id,
      jobName: overview.job_name,
      workflowId: overview.workflow_id,
      workflowName: overview.workflow_name,
      createTime: toDate(overview.created_at),
      createdBy: overview.created_by,
    },
    runs,
    metrics,
    performance: {
      totalNodes: overview.total_nodes,
      completedTasks: sum(runs, (run) => run.completedNodes),
      runningTasks: sum(runs, (run) => run.runningNodes),
      failedTasks: sum(runs, (run) => run.failedNodes),
      totalRowsProcessed: runs.reduce((total, run) => total + run.recordsProcessed, 0n),
      avgExecutionSeconds: averageSeconds(runs),
      totalMemoryMb: memory,
    },
  };
}

async function readOverview({ db }: Deps, workflowId: string): Promise<OverviewRow | undefined> {
  const { rows } = await sql<OverviewRow>`
    select h.*, (select count(*) from workflow_nodes n where n.workflow_id = h.workflow_id) as total_nodes
    from workflow_hierarchy h where h.workflow_id = ${workflowId}`.execute(db);
  return rows[0];
}

type MetricRow = {
  readonly metric_name: string;
  readonly metric_value: number;
  readonly metric_unit: string;
  readonly metric_type: string;
  readonly recorded_at: number | null;
};

/** One run at a time, for the views would otherwise read those of all runs. */
async function readMetrics({ db }: Deps, runIds: readonly string[]): Promise<LegacyMetric[]> {
  const { rows } = await sql<MetricRow>`
    select m.* from unnest(${[...runIds]}::uuid[]) wanted(run_id)
    cross join lateral (
      select metric_name, metric_value, metric_unit, metric_type, recorded_at
      from workflow_execution_metrics where floe_run_id = wanted.run_id limit ${METRICS_MAX}
    ) m
    order by m.recorded_at desc, m.metric_name limit ${METRICS_MAX}`.execute(db);
  return rows.map((row) => ({
    metricName: row.metric_name,
    metricValue: row.metric_value,
    metricUnit: row.metric_unit,
    metricType: row.metric_type,
    recordTime: toDate(row.recorded_at),
  }));
}

async function sumMemory({ db }: Deps, runIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ memory: number }>`
    select coalesce(sum(peak_memory_bytes), 0)::float8 / 1048576 as memory
    from task_run where run_id = any(${[...runIds]}::uuid[])`.execute(db);
  return rows[0]!.memory;
}

function sum(runs: readonly LegacyRun[], valueOf: (run: LegacyRun) => number): number {
  return runs.reduce((total, run) => total + valueOf(run), 0);
}

function averageSeconds(runs: readonly LegacyRun[]): number {
  const seconds = runs.flatMap(({ startTime, endTime }) =>
    startTime === undefined || endTime === undefined
      ? []
      : [(endTime.getTime() - startTime.getTime()) / 1_000],
  );
  return seconds.length === 0 ? 0 : seconds.reduce((a, b) => a + b, 0) / seconds.length;
}
