/**
 * Artifacts that are made when somebody asks, from the rows that there are: the summary of a run and of each of its
 * tasks, and the plot of its workflow's trend. Their ids say what they are, and nothing of them is stored.
 */
import { isUuid } from '@floe/errors';
import { Artifact } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { readRunReport } from '../rpc/get-run-report.ts';
import { ALL_RUNS, readRun, readRuns, type RunRow } from '../store/read-runs.ts';
import { sumByRun } from '../store/summarise-tasks.ts';
import { plotTrend } from './plot-trend.ts';
import { summariseRun, summariseTask } from './summary.ts';

// As many bars as can be told from each other.
const PLOTTED_RUNS = 50;
const ID = /^([0-9a-f-]{36})\.(summary|trend|task-(\d{1,5}))$/;

export type MadeContent = { readonly artifact: Artifact; readonly content: Buffer };

export function runArtifacts(run: RunRow): Artifact[] {
  const createTime = new Date(run.ended_at ?? run.created_at);
  const { run_id: runId } = run;
  return [
    Artifact.create({
      artifactId: `${runId}.summary`,
      runId,
      kind: 'markdown',
      title: 'Execution summary',
      mediaType: 'text/markdown',
      createTime,
    }),
    Artifact.create({
      artifactId: `${runId}.trend`,
      runId,
      kind: 'plot',
      title: 'Duration and rows of the last runs',
      mediaType: 'image/svg+xml',
      createTime,
    }),
  ];
}

export type SummarisedTask = {
  readonly task_index: number;
  readonly task_id: string;
  readonly ended_at: number | null;
};

export function taskArtifact(run: RunRow, task: SummarisedTask): Artifact {
  return Artifact.create({
    artifactId: `${run.run_id}.task-${task.task_index}`,
    runId: run.run_id,
    taskId: task.task_id,
    kind: 'markdown',
    title: 'Execution summary',
    mediaType: 'text/markdown',
    createTime: new Date(task.ended_at ?? run.created_at),
  });
}

/** Undefined for an id that is none of these, or of a run or task that there is not. */
export async function makeArtifact(
  deps: Deps,
  artifactId: string,
): Promise<MadeContent | undefined> {
  const [, runId = '', what = '', index] = ID.exec(artifactId) ?? [];
  if (!isUuid(runId)) return undefined;
  const run = await readRun(deps.db, runId);
  if (run === undefined) return undefined;
  const [summary, trend] = runArtifacts(run);
  if (what === 'trend') return withContent(trend!, await trendOf(deps, run));
  const { report, tasks } = await readRunReport(deps, runId);
  if (what === 'summary') return withContent(summary!, summariseRun(report));
  const task = tasks.find((row) => row.task_index === Number(index));
  const told = report.tasks.find(({ taskId }) => taskId === task?.task_id);
  if (task === undefined || told === undefined) return undefined;
  return withContent(taskArtifact(run, task), summariseTask(told));
}

function withContent(artifact: Artifact, text: string): MadeContent {
  return { artifact, content: Buffer.from(text, 'utf8') };
}

/** The run and those of its workflow before it. */
async function trendOf(deps: Deps, run: RunRow): Promise<string> {
  const filter = { ...ALL_RUNS, workflowName: run.workflow_name };
  const page = { beforeRunId: run.run_id, limit: PLOTTED_RUNS - 1 };
  const runs = [run, ...(await readRuns(deps.db, filter, page))].toReversed();
  const amounts = await sumByRun(
    deps.db,
    runs.map((row) => row.run_id),
  );
  const rowsOf = new Map(amounts.map((row) => [row.run_id, row.rows_loaded]));
  const now = deps.now();
  return plotTrend(
    runs.map((row) => ({
      state: row.state,
      startedAt: row.created_at,
      durationMs: Math.max(0, (row.ended_at ?? now) - row.created_at),
      rows: rowsOf.get(row.run_id) ?? 0,
    })),
  );
}
