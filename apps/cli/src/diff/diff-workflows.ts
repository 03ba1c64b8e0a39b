import { canonicalJson, type Task, type Workflow } from '@floe/workflow';
import { diffLineage, type LineageChange } from './diff-lineage.ts';
import type { Column, Side } from './side.ts';

/** A field that differs; absent where a side does not have it. */
export type FieldChange = {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
};

/** A column that is new, gone, or of another type. */
export type ColumnChange = {
  readonly column: string;
  readonly before?: string;
  readonly after?: string;
};

export type TaskChange = {
  readonly taskId: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly fields: readonly FieldChange[];
  readonly columns: readonly ColumnChange[];
};

export type WorkflowDiff = {
  readonly before: string;
  readonly after: string;
  /** Of the workflow itself. */
  readonly fields: readonly FieldChange[];
  readonly tasks: readonly TaskChange[];
  readonly lineage: readonly LineageChange[];
};

/** What differs: fields of the workflow and its tasks, the columns of their datasets, and where those come from. */
export function diffWorkflows(before: Side, after: Side): WorkflowDiff {
  return {
    before: before.label,
    after: after.label,
    fields: diffFields(headOf(before.workflow), headOf(after.workflow)),
    tasks: diffTasks(before, after),
    lineage: diffLineage(before, after),
  };
}

export function isSame({ fields, tasks, lineage }: WorkflowDiff): boolean {
  return fields.length + tasks.length + lineage.length === 0;
}

type Fields = Readonly<Record<string, unknown>>;

function headOf(workflow: Workflow): Fields {
  return without(workflow, 'tasks');
}

/** The fields of the type stand beside those that every task has, as in the document. */
function fieldsOf(task: Task): Fields {
  return { ...without(without(task, 'id'), 'config'), ...task.config };
}

function without(fields: object, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

function diffTasks(before: Side, after: Side): readonly TaskChange[] {
  const olds = new Map(before.workflow.tasks.map((task) => [task.id, task]));
  const news = new Map(after.workflow.tasks.map((task) => [task.id, task]));
  const ids = new Set([...olds.keys(), ...news.keys()]);
  return [...ids].flatMap((taskId) => {
    const [old, fresh] = [olds.get(taskId), news.get(taskId)];
    const fields = diffFields(old && fieldsOf(old), fresh && fieldsOf(fresh));
    const columns = diffColumns(before.columns.get(taskId), after.columns.get(taskId));
    if (fields.length + columns.length === 0) return [];
    const change = old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed';
    return [{ taskId, change, fields, columns }];
  });
}

function diffFields(before: Fields = {}, after: Fields = {}): readonly FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((field) => {
    const [old, fresh] = [before[field], after[field]];
    if (isEqual(old, fresh)) return [];
    return [
      {
        field,
        ...(old !== undefined && { before: old }),
        ...(fresh !== undefined && { after: fresh }),
      },
    ];
  });
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

/** Where a side's columns are not known, nothing can be said of them. */
export function diffColumns(
  before: readonly Column[] | undefined,
  after: readonly Column[] | undefined,
): readonly ColumnChange[] {
  if (before === undefined || after === undefined) return [];
  const olds = new Map(before.map(({ name, type }) => [name, type]));
  const news = new Map(after.map(({ name, type }) => [name, type]));
  return [...new Set([...olds.keys(), ...news.keys()])].flatMap((column) => {
    const [old, fresh] = [olds.get(column), news.get(column)];
    if (old === fresh) return [];
    return [
      {
        column,
        ...(old !== undefined && { before: old }),
        ...(fresh !== undefined && { after: fresh }),
      },
    ];
  });
}
