import { FloeError, nearestName } from '@floe/errors';
import { formatDataType, type Schema } from '@floe/expression';
import { compareDatasets, type DatasetDifference } from '@floe/tasks/compare';
import { bindParameters, type Task, type Workflow } from '@floe/workflow';
import { diffColumns, type Column, type ColumnChange } from '../diff/diff-workflows.ts';
import { findDataset, makeDataset, type Workshop } from './find-datasets.ts';
import type { Parameters } from './run-transform.ts';

export type ReplayQuestion = {
  readonly taskId: string;
  /** The document with the new text. */
  readonly workflow: Workflow;
  /** Columns that tell rows apart; absent: those by which the workflow loads the rows, else their place. */
  readonly key: readonly string[] | undefined;
  readonly limit: number;
};

export type Replayed = {
  readonly runId: string;
  readonly taskId: string;
  /** By which rows were compared; empty for their place. */
  readonly key: readonly string[];
  /** Extracts behind it that left out what the text of that time did not use: the new text has no more either. */
  readonly narrowed: readonly string[];
  readonly columns: readonly ColumnChange[];
  readonly rows: DatasetDifference;
};

/** Runs a past task on the rows that it read then, with its new text, and compares what it made and makes. */
export async function replayTask(
  { taskId, workflow, key, limit }: ReplayQuestion,
  workshop: Workshop,
): Promise<Replayed> {
  const { past, scratch } = workshop;
  const task = findTask(workflow, taskId);
  const parameters = parametersFor(workflow, past.parameters);
  const after = await makeDataset(task, { workshop, name: `new-${taskId}`, parameters });
  const before = await findDataset(taskId, workshop);
  const chosen = key ?? loadKey(workflow, taskId, [before.schema, after.schema]);
  const masked = new Set([...(past.workflow.mask ?? []), ...(workflow.mask ?? [])]);
  return {
    runId: past.runId,
    taskId,
    key: chosen,
    narrowed: ancestorsOf(past.workflow, task.inputs).filter((id) => past.narrowed.has(id)),
    columns: diffColumns(toColumns(before.schema), toColumns(after.schema)),
    rows: await compareDatasets(before, after, { key: chosen, limit, masked, scratch }),
  };
}

function findTask({ tasks }: Workflow, taskId: string): Task {
  const task = tasks.find(({ id }) => id === taskId);
  if (task === undefined) {
    const nearest = nearestName(
      taskId,
      tasks.map(({ id }) => id),
    );
    throw new FloeError('ARGUMENT_INVALID', `the document has no task ${taskId}`, {
      hint: nearest === undefined ? 'Give the name of a task.' : `Did you mean ${nearest}?`,
    });
  }
  if (task.type === 'expression_transform' && task.foreach === undefined) return task;
  const what = task.foreach === undefined ? `a ${task.type}` : 'a task with items';
  throw new FloeError('ARGUMENT_INVALID', `task ${taskId} is ${what}`, {
    hint: 'Only a transform can be replayed: what it makes depends on its inputs alone, and it touches nothing else.',
  });
}

/** These tasks and all that they read from, near ones first. */
function ancestorsOf({ tasks }: Workflow, inputs: readonly string[]): readonly string[] {
  const found = new Set(inputs);
  // A set hands out what is added while it is gone through.
  for (const id of found) {
    for (const input of tasks.find((task) => task.id === id)?.inputs ?? []) found.add(input);
  }
  return [...found];
}

/** What the run was given, as far as the new document still has it; defaults for what is new. */
function parametersFor(workflow: Workflow, past: Parameters): Parameters {
  const kept = Object.entries(past).filter(([name]) => Object.hasOwn(workflow.params, name));
  const values = kept.map(([name, value]) => [name, value.kind === 'null' ? null : value.value]);
  return bindParameters(workflow, Object.fromEntries(values) as Record<string, unknown>);
}

/** Rows that are loaded by a key have one. */
function loadKey(
  { tasks }: Workflow,
  taskId: string,
  schemas: readonly Schema[],
): readonly string[] {
  for (const { type, inputs, config } of tasks) {
    if (type !== 'postgres_load' || !inputs.includes(taskId)) continue;
    const names = Object.entries(config['columns'] ?? {});
    const sourceOf = new Map(names.map(([source, target]) => [String(target), source]));
    const key = (config['key'] ?? []) as readonly string[];
    const sources = key.map((column) => sourceOf.get(column) ?? column);
    const isThere = schemas.every((schema) =>
      sources.every((name) => schema.some((column) => column.name === name)),
    );
    if (sources.length > 0 && isThere) return sources;
  }
  return [];
}

function toColumns(schema: Schema): readonly Column[] {
  return schema.map(({ name, type }) => ({ name, type: formatDataType(type) }));
}
