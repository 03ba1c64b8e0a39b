import { FloeError, nearestName } from '@floe/errors';
import { formatDataType, type Schema } from '@floe/expression';
import { compareDatasets, type DatasetDifference } from '@floe/tasks/compare';
import { bindParameters, type Task, type Workflow } from '@floe/workflow';
import { diffColumns, type ColumnChange } from '../diff/diff-workflows.ts';
import type { Column } from '../diff/side.ts';
import { findDataset, makeDataset, type Workshop } from './find-datasets.ts';
import { replayCheck, type ReplayedRule } from './replay-check.ts';
import type { Parameters } from './run-here.ts';

export type ReplayQuestion = {
  readonly taskId: string;
  /** The document with the new text. */
  readonly workflow: Workflow;
  /** Columns that tell rows apart; absent: those by which the workflow loads the rows, else their place. */
  readonly key: readonly string[] | undefined;
  readonly limit: number;
};

/** Of a task that makes rows. */
export type ReplayedRows = {
  readonly kind: 'rows';
  readonly runId: string;
  readonly taskId: string;
  /** By which rows were compared; empty for their place. */
  readonly key: readonly string[];
  /** Extracts behind it that left out what the text of that time did not use: the new text has no more either. */
  readonly narrowed: readonly string[];
  /** Its files are not kept: they were read as they are now. */
  readonly readsFiles: boolean;
  readonly columns: readonly ColumnChange[];
  readonly rows: DatasetDifference;
};

/** Of a check: what each rule finds in the rows of then. */
export type ReplayedCheck = {
  readonly kind: 'check';
  readonly runId: string;
  readonly taskId: string;
  readonly rules: readonly ReplayedRule[];
};

export type Replayed = ReplayedRows | ReplayedCheck;

/** Runs a past task on the rows that it read then, with its new text, and compares what it made and makes. */
export async function replayTask(question: ReplayQuestion, workshop: Workshop): Promise<Replayed> {
  const task = findTask(question.workflow, question.taskId);
  const parameters = parametersFor(question.workflow, workshop.past.parameters);
  if (task.type !== 'check') return replayRows(task, { ...question, parameters }, workshop);
  const { taskId, runId } = { ...question, ...workshop.past };
  const past = workshop.past.workflow.tasks.find(({ id }) => id === taskId);
  const before = past?.type === 'check' ? past : undefined;
  const rules = await replayCheck({ before, after: task, parameters }, workshop);
  return { kind: 'check', runId, taskId, rules };
}

type RowsQuestion = ReplayQuestion & { readonly parameters: Parameters };

async function replayRows(
  task: Task,
  { taskId, workflow, key, limit, parameters }: RowsQuestion,
  workshop: Workshop,
): Promise<ReplayedRows> {
  const { past, scratch } = workshop;
  const after = await makeDataset(task, { workshop, name: `new-${taskId}`, parameters });
  const before = await findDataset(taskId, workshop);
  const chosen = key ?? loadKey(workflow, taskId, [before.schema, after.schema]);
  const masked = new Set([...(past.workflow.mask ?? []), ...(workflow.mask ?? [])]);
  return {
    kind: 'rows',
    runId: past.runId,
    taskId,
    key: chosen,
    narrowed: ancestorsOf(past.workflow, task.inputs).filter((id) => past.narrowed.has(id)),
    readsFiles: task.type === 'file_extract',
    columns: diffColumns(toColumns(before.schema), toColumns(after.schema)),
    rows: await compareDatasets(before, after, { key: chosen, limit, masked, scratch }),
  };
}

const REPLAYED: readonly string[] = ['expression_transform', 'check', 'file_extract'];

/** Why others are not, as far as there is more to say than that they touch something. */
const WHY_NOT: Readonly<Record<string, string>> = {
  postgres_extract:
    'It would read the database as it is now: floe explain shows its SQL, floe diff its columns.',
  postgres_load: 'It would write into a table. Replay the task whose rows it loads.',
  file_load: 'It would write a file. Replay the task whose rows it writes.',
  postgres_sql: 'Its statements would change a database.',
  workflow: 'It would start a run. Replay a task of the run that it started.',
  approval: 'What it does is what a person answers.',
  http: 'It would send a request. Replay a task that works on its rows.',
  noop: 'It makes no rows: there is nothing to compare.',
  sleep: 'It makes no rows: there is nothing to compare.',
  unsupported: 'It has nothing to run.',
};

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
  if (task.foreach !== undefined) {
    throw refusal(
      `task ${taskId} goes through items: each has an effect, and none makes rows to compare`,
      `Replay the task whose rows it takes, or try one item for real: floe runs retry RUN ${taskId} --item 0`,
    );
  }
  if (REPLAYED.includes(task.type)) return task;
  throw refusal(
    `task ${taskId} is a ${task.type}, which cannot be replayed`,
    WHY_NOT[task.type] ?? 'It touches more than the rows that the run kept.',
  );
}

function refusal(message: string, hint: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', message, { hint });
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
