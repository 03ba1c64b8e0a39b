import type { GetRunReportRequest, GetRunReportResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { toRun } from '../rows-to-run.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { buildRunReport } from '../run-report.ts';
import { countTaskStates } from '../store/count-task-states.ts';
import { readRun } from '../store/read-runs.ts';
import { readLastAttempts, readTaskRuns } from '../store/read-task-runs.ts';
import { readUpstreamTasks } from '../upstream-tasks.ts';

// The most tasks that a document may have.
const TASKS_MAX = 10_000;

export async function getRunReport(
  deps: Deps,
  request: GetRunReportRequest,
): Promise<GetRunReportResponse> {
  const { db, jaegerUrl } = deps;
  const runId = parseRunId(request.runId);
  const row = await readRun(db, runId);
  if (row === undefined) throw runNotFound(runId);
  const [tasks, lastAttempts, upstream, counts] = await Promise.all([
    readTaskRuns(db, runId, { afterIndex: -1, limit: TASKS_MAX }),
    readLastAttempts(db, runId),
    readUpstreamTasks(db, row),
    countTaskStates(db, [runId]),
  ]);
  const run = toRun(row, { counts: counts.get(runId) ?? [], jaegerUrl });
  const now = deps.now();
  return { report: { run, ...buildRunReport({ run: row, tasks, lastAttempts, upstream, now }) } };
}
