/** What the rows of a run say to OpenLineage. */
import { createHash } from 'node:crypto';
import {
  toDatasetName,
  type LineageDataset,
  type LineageRun,
  type LineageTask,
  type RunEnd,
} from '@floe/openlineage';
import type { Deps } from '../deps.ts';
import { outsideDatasets, type PlannedTask } from '../lineage/outside-datasets.ts';
import { plannedTasks } from '../lineage/planned-tasks.ts';
import { toDataset, toFailure } from '../rows-to-run.ts';
import { readColumnEdges, readSlotOfRun, type ColumnEdgeRow } from '../store/read-column-edges.ts';
import { readRun, type RunRow } from '../store/read-runs.ts';
import { readTaskRuns, type TaskRunRow } from '../store/read-task-runs.ts';
import { readVersionDatasets } from '../store/read-version-datasets.ts';
import { readDocument } from '../store/read-workflow.ts';

// The most tasks that a document may have.
const TASKS_MAX = 10_000;
const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'timed_out', 'cancelled']);

type Db = Deps['db'];

/** Undefined when there is no such run. Tasks are told when it has ended. Throws DATABASE_UNAVAILABLE. */
export async function readLineageRun(db: Db, runId: string): Promise<LineageRun | undefined> {
  const run = await readRun(db, runId);
  if (run === undefined) return undefined;
  const [nominalAt, parent, tasks] = await Promise.all([
    readSlotOfRun(db, runId),
    run.parent_run_id === null ? undefined : readRun(db, run.parent_run_id),
    run.ended_at === null ? [] : readTasks(db, run),
  ]);
  return {
    runId,
    workflowName: run.workflow_name,
    startedAt: run.started_at ?? run.created_at,
    ...ending(run),
    ...(nominalAt !== undefined && { nominalAt }),
    ...(parent && { parent: { runId: parent.run_id, workflowName: parent.workflow_name } }),
    tasks,
  };
}

type Ended = Pick<RunRow, 'state' | 'ended_at' | 'failure'>;

function ending({ state, ended_at: at, failure: stored }: Ended) {
  const failure = toFailure(stored);
  return {
    ...(at !== null && ENDS.has(state) && { end: { state: state as RunEnd, at } }),
    ...(failure && { failure }),
  };
}

async function readTasks(db: Db, run: RunRow): Promise<LineageTask[]> {
  const version = { workflowName: run.workflow_name, version: run.workflow_version };
  const [document, rows, known, edges] = await Promise.all([
    readDocument(db, version),
    readTaskRuns(db, run.run_id, { afterIndex: -1, limit: TASKS_MAX }),
    readVersionDatasets(db, version),
    readColumnEdges(db, version),
  ]);
  const plan = plannedTasks(document);
  const facts: PlanFacts = {
    workflowName: run.workflow_name,
    rows: new Map(rows.map((row) => [row.task_id, row])),
    outside: outsideDatasets(plan, known),
    edges: Map.groupBy(edges, (edge) => `${edge.task_id} ${edge.target}`),
  };
  return plan.flatMap((task) => toTask(task, facts) ?? []);
}

type PlanFacts = {
  readonly workflowName: string;
  readonly rows: ReadonlyMap<string, TaskRunRow>;
  readonly outside: ReturnType<typeof outsideDatasets>;
  readonly edges: ReadonlyMap<string, readonly ColumnEdgeRow[]>;
};

/** Tasks that were not begun, and those that neither read nor make rows, say nothing. */
function toTask(task: PlannedTask, facts: PlanFacts): LineageTask | undefined {
  const row = facts.rows.get(task.id);
  if (row === undefined || row.started_at === null) return undefined;
  const reads = [
    ...(facts.outside.reads.get(task.id) ?? []).map((uri) => toDatasetName(uri)),
    ...(task.inputs ?? []).map((input) => keptDataset(input, facts)),
  ];
  const writes = writesOf(task, row, facts);
  if (reads.length === 0 && writes.length === 0) return undefined;
  const query = task.config?.['query'];
  return {
    runId: uuidOf(`${row.run_id}/${task.id}`),
    taskId: task.id,
    type: task.type,
    startedAt: row.started_at,
    ...ending(row),
    reads,
    writes,
    ...(typeof query === 'string' && { sql: query }),
  };
}

function writesOf(task: PlannedTask, row: TaskRunRow, facts: PlanFacts): LineageDataset[] {
  const outside = facts.outside.writes.get(task.id) ?? [];
  const counts = row.rows_uncounted ? {} : { rows: row.rows, bytes: row.bytes };
  if (outside.length === 0) {
    return row.dataset === null ? [] : [{ ...keptDataset(task.id, facts), ...counts }];
  }
  const [input = ''] = task.inputs ?? [];
  const { columns } = keptDataset(input, facts);
  return outside.map((uri) => ({
    ...toDatasetName(uri),
    ...(columns && { columns }),
    ...counts,
    edges: (facts.edges.get(`${task.id} ${uri}`) ?? []).map((edge) => ({
      source: toDatasetName(edge.source),
      sourceColumn: edge.source_column,
      targetColumn: edge.target_column,
      how: edge.how,
      transformation: edge.transformation,
      isMasked: edge.is_masked,
    })),
  }));
}

/** What a task keeps for those after it. */
function keptDataset(taskId: string, { workflowName, rows }: PlanFacts): LineageDataset {
  const dataset = toDataset(rows.get(taskId)?.dataset);
  const columns = dataset?.columns;
  return { ...toDatasetName(`floe://${workflowName}/${taskId}`), ...(columns && { columns }) };
}

/** Always the same for the same text, in the form of a UUID of version 8. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
