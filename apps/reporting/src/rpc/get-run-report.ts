import type { GetRunReportRequest, GetRunReportResponse, RunReport } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { toRun } from '../rows-to-run.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { buildRunReport } from '../run-report.ts';
import { readFirstMetrics } from '../store/read-metrics.ts';
import { readRun } from '../store/read-runs.ts';
import { readLastAttempts, readTaskRuns, type TaskRunRow } from '../store/read-task-runs.ts';
import { readUpstreamTasks } from '../upstream-tasks.ts';

// The most tasks that a document may have.
const TASKS_MAX = 10_000;
// As the contract promises: more are a matter for ListMetrics.
const METRICS_MAX = 1_000;

export async function getRunReport(
  deps: Deps,
  request: GetRunReportRequest,
): Promise<GetRunReportResponse> {
  const { report } = await readRunReport(deps, parseRunId(request.runId));
  return { report };
}

/** A report with the rows that it was made of. */
export type ReadReport = { readonly report: RunReport; readonly tasks: readonly TaskRunRow[] };

/** Throws RUN_NOT_FOUND, DATABASE_UNAVAILABLE. */
export async function readRunReport(deps: Deps, runId: string): Promise<ReadReport> {
  const { db, jaegerUrl } = deps;
  const row = await readRun(db, runId);
  if (row === undefined) throw runNotFound(runId);
  const [tasks, lastAttempts, metrics, upstream, counts] = await Promise.all([
    readTaskRuns(db, runId, { afterIndex: -1, limit: TASKS_MAX }),
    readLastAttempts(db, runId),
    readFirstMetrics(db, runId, METRICS_MAX),
    readUpstreamTasks(db, row),
    deps.runCounts.of([row]),
  ]);
  const run = toRun(row, { counts: counts.get(runId) ?? [], jaegerUrl });
  const built = buildRunReport({
    run: row,
    tasks,
    lastAttempts,
    metrics,
    upstream,
    now: deps.now(),
  });
  return { report: { run, ...built }, tasks };
}
