import { FloeError } from '@floe/errors';
import type { ListMetricsRequest, ListMetricsResponse, Metric } from '@floe/rpc/contracts';
import { requireText } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { metricsOfRun, metricsOfTask } from '../run-metrics.ts';
import { readMetrics, toMetric } from '../store/read-metrics.ts';
import { readRun, type RunRow } from '../store/read-runs.ts';
import { readTaskRuns, type TaskRunRow } from '../store/read-task-runs.ts';
import { findTaskIndex } from '../store/find-task-index.ts';
import { sumRun } from '../store/sum-run.ts';

// The sizes that the contract promises.
const PAGE_SIZES = { standard: 200, max: 1_000 };
// The place of the run among its tasks: before the first.
const RUN_INDEX = -1;
// The place of a metric: the task, and its name.
const KEY = /^(-1|\d{1,5}) (.{1,1000})$/su;

type Place = { readonly index: number; readonly name: string };
type PlacedMetric = { readonly index: number; readonly metric: Metric };

/** Metrics of the run, then those of its tasks in the order of the workflow, each by name. */
export async function listMetrics(
  deps: Deps,
  request: ListMetricsRequest,
): Promise<ListMetricsResponse> {
  const runId = parseRunId(request.runId);
  const taskId = requireText('task_id', request.taskId);
  const name = requireText('name', request.name);
  const limit = toPageSize(request.pageSize, PAGE_SIZES);
  const filter = { metricsOf: runId, taskId, name };
  const token = decodePageToken(filter, request.pageToken, (key) => KEY.test(key));
  const run = await readRun(deps.db, runId);
  if (run === undefined) throw runNotFound(runId);
  const only = taskId === '' ? undefined : await findOnly(deps, runId, taskId);
  const after = token === undefined ? { index: only ?? RUN_INDEX, name: '' } : toPlace(token);
  const wanted = (metric: Metric) => name === '' || metric.name === name;
  const found = await metricsFrom(deps, run, { after, limit: limit + 1, only, wanted });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const hasNext = found.length > limit && last !== undefined;
  return {
    metrics: page.map(({ metric }) => metric),
    nextPageToken: hasNext ? encodePageToken(filter, `${last.index} ${last.metric.name}`) : '',
  };
}

function toPlace(key: string): Place {
  const space = key.indexOf(' ');
  return { index: Number(key.slice(0, space)), name: key.slice(space + 1) };
}

async function findOnly(deps: Deps, runId: string, taskId: string): Promise<number> {
  const index = await findTaskIndex(deps.db, runId, taskId);
  if (index !== undefined) return index;
  throw new FloeError('TASK_NOT_FOUND', `run ${runId} has no task '${taskId}'`, {
    details: { runId, taskId },
    hint: 'List the task runs of the run to find the right name, or leave the task out.',
  });
}

type Wish = {
  readonly after: Place;
  readonly limit: number;
  readonly only: number | undefined;
  readonly wanted: (metric: Metric) => boolean;
};

async function metricsFrom(deps: Deps, run: RunRow, wish: Wish): Promise<PlacedMetric[]> {
  const { after, limit, only } = wish;
  const found: PlacedMetric[] = [];
  const take = (index: number, metrics: readonly Metric[]) => {
    for (const metric of metrics) {
      const isBehind = index > after.index || metric.name > after.name;
      if (isBehind && wish.wanted(metric)) found.push({ index, metric });
    }
  };
  if (after.index === RUN_INDEX) take(RUN_INDEX, await ofRun(deps, run));
  let index = Math.max(after.index, 0);
  while (found.length < limit) {
    const page = { afterIndex: index - 1, limit: only === undefined ? PAGE_SIZES.standard : 1 };
    const tasks = await readTaskRuns(deps.db, run.run_id, page);
    for (const { row, metrics } of await ofTasks(deps, tasks)) take(row.task_index, metrics);
    if (tasks.length < page.limit || only !== undefined) break;
    index = tasks.at(-1)!.task_index + 1;
  }
  return found.slice(0, limit);
}

async function ofRun({ db, now }: Deps, run: RunRow): Promise<Metric[]> {
  const sums = await sumRun(db, run.run_id);
  const totals = {
    createdAt: run.created_at,
    endedAt: run.ended_at,
    rows: sums.rows,
    bytes: sums.bytes,
    peakMemoryBytes: sums.peak_memory_bytes,
    executedTasks: sums.executed,
    attempts: sums.attempts,
  };
  return metricsOfRun(totals, now()).map(({ at, ...rest }) => ({
    ...rest,
    taskId: '',
    time: new Date(at),
  }));
}

type TaskMetrics = { readonly row: TaskRunRow; readonly metrics: readonly Metric[] };

async function ofTasks({ db, now }: Deps, tasks: readonly TaskRunRow[]): Promise<TaskMetrics[]> {
  const [first] = tasks;
  if (first === undefined) return [];
  const ids = tasks.map((task) => task.task_id);
  const recorded = Map.groupBy(await readMetrics(db, first.run_id, ids), (row) => row.task_id);
  const instant = now();
  return tasks.map((row) => {
    const derived = metricsOfTask(toNumbers(row), instant);
    const own = recorded.get(row.task_id) ?? [];
    const metrics = [
      ...derived.map(({ at, ...rest }) => ({ ...rest, taskId: row.task_id, time: new Date(at) })),
      ...own.map(toMetric),
    ];
    return { row, metrics: metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  });
}

function toNumbers(row: TaskRunRow) {
  return {
    startedAt: row.started_at,
    endedAt: row.ended_at,
    readyAt: row.ready_at,
    rows: row.rows,
    bytes: row.bytes,
    peakMemoryBytes: row.peak_memory_bytes,
    attempts: row.attempt_count,
  };
}
