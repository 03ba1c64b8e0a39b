import { FloeError } from '@floe/errors';
import type { GetWorkflowReportRequest, GetWorkflowReportResponse } from '@floe/rpc/contracts';
import { argumentInvalid, requireInstant, requireText } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { toRun } from '../rows-to-run.ts';
import { ALL_RUNS, readRuns } from '../store/read-runs.ts';
import type { RunFilter } from '../store/read-runs.ts';
import { readTaskCount } from '../store/read-workflow.ts';
import { sumByRun, summariseTasks } from '../store/summarise-tasks.ts';
import { DAY_MS, stepMsOf } from '../trend.ts';
import { buildWorkflowReport } from '../workflow-report.ts';

// Enough for a 95th percentile, and some pages of an index.
const RUNS_MAX = 500;
const RECENT_RUNS = 20;
const RANGE_DAYS = 30;
const SLOWEST_TASKS = 50;
// Task runs that are read for one report: with many tasks it looks at fewer runs. Each lies on a page of its own in a long
// history, so that ten thousand of them are a tenth of a second.
const TASK_RUNS_MAX = 2_000;

/** How a workflow has been doing in a stretch of time. */
export async function getWorkflowReport(
  deps: Deps,
  request: GetWorkflowReportRequest,
): Promise<GetWorkflowReportResponse> {
  const { db, jaegerUrl } = deps;
  const workflowName = requireText('workflow_name', request.workflowName);
  const range = toRange(request, deps.now());
  const stepMs = stepMsOf(request.step, range.toMs - range.fromMs);
  const taskCount = await readTaskCount(db, workflowName);
  if (taskCount === undefined) throw workflowNotFound(workflowName);
  const filter: RunFilter = { ...ALL_RUNS, workflowName, ...range };
  const found = await readRuns(db, filter, { beforeRunId: undefined, limit: RUNS_MAX + 1 });
  const runs = found.slice(0, RUNS_MAX);
  const looked = runs.slice(0, Math.ceil(TASK_RUNS_MAX / Math.max(1, taskCount))).map(idOf);
  const recent = runs.slice(0, RECENT_RUNS);
  const [amounts, tasks, counts] = await Promise.all([
    sumByRun(db, looked),
    summariseTasks(db, looked, SLOWEST_TASKS),
    deps.runCounts.of(recent),
  ]);
  return {
    report: {
      ...buildWorkflowReport({ runs, amounts, tasks, stepMs }),
      workflowName,
      fromTime: new Date(range.fromMs),
      toTime: new Date(range.toMs),
      truncated: found.length > RUNS_MAX || looked.length < runs.length,
      recentRuns: recent.map((row) =>
        toRun(row, { counts: counts.get(row.run_id) ?? [], jaegerUrl }),
      ),
    },
  };
}

function toRange({ fromTime, toTime }: GetWorkflowReportRequest, now: number) {
  // What is created while this is answered is part of it.
  const toMs = requireInstant('to_time', toTime) ?? now + 1;
  const fromMs = requireInstant('from_time', fromTime) ?? Math.max(0, toMs - RANGE_DAYS * DAY_MS);
  if (fromMs < toMs) return { fromMs, toMs };
  throw argumentInvalid('from_time', 'is not before to_time');
}

function idOf({ run_id: runId }: { readonly run_id: string }): string {
  return runId;
}

function workflowNotFound(name: string): FloeError {
  return new FloeError('WORKFLOW_NOT_FOUND', `no workflow has the name '${name}'`, {
    details: { workflowName: name },
    hint: 'List the workflows to find the right name.',
  });
}
