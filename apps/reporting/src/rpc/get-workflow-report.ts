import { FloeError } from '@floe/errors';
import type { GetWorkflowReportRequest, GetWorkflowReportResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { percentile } from '../percentile.ts';
import { toRun } from '../rows-to-run.ts';
import { countTaskStates } from '../store/count-task-states.ts';
import { ALL_RUNS, readRuns } from '../store/read-runs.ts';
import type { RunRow } from '../store/read-runs.ts';
import { hasWorkflow } from '../store/read-workflow.ts';

// The report looks back this many runs: enough for a 95th percentile, one page of an index.
const RUNS_MAX = 500;
const RECENT_RUNS = 20;

export async function getWorkflowReport(
  deps: Deps,
  request: GetWorkflowReportRequest,
): Promise<GetWorkflowReportResponse> {
  const { db, jaegerUrl } = deps;
  const { workflowName } = request;
  if (!(await hasWorkflow(db, workflowName))) throw workflowNotFound(workflowName);
  const filter = { ...ALL_RUNS, workflowName };
  const rows = await readRuns(db, filter, { beforeRunId: undefined, limit: RUNS_MAX });
  const recent = rows.slice(0, RECENT_RUNS);
  const counts = await countTaskStates(
    db,
    recent.map((row) => row.run_id),
  );
  const durations = rows.flatMap(durationOf);
  return {
    report: {
      workflowName,
      runCount: BigInt(rows.length),
      failedCount: BigInt(rows.filter(isFailed).length),
      durationP50Ms: BigInt(percentile(durations, 0.5)),
      durationP95Ms: BigInt(percentile(durations, 0.95)),
      recentRuns: recent.map((row) =>
        toRun(row, { counts: counts.get(row.run_id) ?? [], jaegerUrl }),
      ),
    },
  };
}

/** Only runs that succeeded say how long the work takes. */
function durationOf(row: RunRow): number[] {
  return row.state === 'succeeded' && row.ended_at !== null ? [row.ended_at - row.created_at] : [];
}

function isFailed(row: RunRow): boolean {
  return row.state === 'failed' || row.state === 'timed_out';
}

function workflowNotFound(name: string): FloeError {
  return new FloeError('WORKFLOW_NOT_FOUND', `no workflow has the name '${name}'`, {
    details: { workflowName: name },
    hint: 'List the workflows to find the right name.',
  });
}
