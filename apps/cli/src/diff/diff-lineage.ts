import { parseDataType, type Schema } from '@floe/expression';
import { traceLineage, type DatasetLineage, type LineageSource } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import { makesNothing, type Workflow } from '@floe/workflow';
import type { Side } from './side.ts';

/** A source that a column of a result has gained or lost. */
export type LineageChange = {
  readonly change: 'added' | 'removed';
  /** The task whose result it is. */
  readonly taskId: string;
  /** Empty: which rows there are. */
  readonly column: string;
  /** The task that brings the data in, and its column: `flights.delay`. */
  readonly from: string;
  /** value, filter, join, …; a value with how it was changed on the way. */
  readonly how: string;
};

type Entry = Omit<LineageChange, 'change'>;

/** What has changed of where the results of a workflow come from. */
export function diffLineage(before: Side, after: Side): readonly LineageChange[] {
  const olds = entriesOf(before);
  const news = entriesOf(after);
  return [
    ...[...olds].filter(([key]) => !news.has(key)).map(([, it]) => mark('removed', it)),
    ...[...news].filter(([key]) => !olds.has(key)).map(([, it]) => mark('added', it)),
  ].toSorted((a, b) => compare(a.taskId, b.taskId) || compare(a.column, b.column));
}

function mark(change: LineageChange['change'], entry: Entry): LineageChange {
  return { change, ...entry };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function entriesOf({ workflow, columns }: Side): ReadonlyMap<string, Entry> {
  const schemas = new Map(
    [...columns].flatMap(([taskId, list]) => {
      const schema = toSchema(list);
      return schema === undefined ? [] : [[taskId, schema] as const];
    }),
  );
  const reads = new Map(
    workflow.tasks
      .filter(({ inputs }) => inputs.length === 0)
      .map(({ id }) => [id, readOf(id, schemas.get(id))]),
  );
  const lineage = traceLineage(workflow, { taskTypes: TASK_TYPES, schemas, reads });
  const entries = resultsOf(workflow).flatMap(({ taskId, datasetOf }) => {
    const traced = lineage.get(datasetOf);
    return traced === undefined ? [] : entriesOfDataset(taskId, traced);
  });
  return new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
}

/** What leaves the workflow: the inputs of tasks that only do something, and datasets that nobody in it reads. */
function resultsOf({
  tasks,
}: Workflow): readonly { readonly taskId: string; readonly datasetOf: string }[] {
  const read = new Set(tasks.flatMap(({ inputs }) => inputs));
  return tasks.flatMap((task) => {
    const { id, inputs } = task;
    if (makesNothing(TASK_TYPES, task))
      return inputs.map((input) => ({ taskId: id, datasetOf: input }));
    return read.has(id) || inputs.length === 0 ? [] : [{ taskId: id, datasetOf: id }];
  });
}

function entriesOfDataset(
  taskId: string,
  { columns, dependencies }: DatasetLineage,
): readonly Entry[] {
  return [
    ...columns.flatMap(({ name, sources }) => sources.map((it) => entry(taskId, name, it))),
    ...dependencies.map((it) => entry(taskId, '', it)),
  ];
}

function entry(taskId: string, column: string, source: LineageSource): Entry {
  const { dataset, column: from, how, transformation } = source;
  return {
    taskId,
    column,
    from: from === '' ? dataset : `${dataset}.${from}`,
    how: how === 'value' && transformation !== 'identity' ? `value, ${transformation}` : how,
  };
}

/** Which table is behind it nobody can say without the database: the task stands for it. */
function readOf(taskId: string, schema: Schema | undefined): DatasetLineage {
  const columns = (schema ?? []).map(({ name }) => ({
    name,
    sources: [
      {
        dataset: taskId,
        column: name,
        how: 'value' as const,
        transformation: 'identity' as const,
        isMasked: false,
        certainty: 'exact' as const,
      },
    ],
  }));
  return { columns, dependencies: [] };
}

function toSchema(
  columns: readonly { readonly name: string; readonly type: string }[],
): Schema | undefined {
  const schema = columns.flatMap(({ name, type }) => {
    const parsed = parseDataType(type);
    return parsed === undefined ? [] : [{ name, type: parsed }];
  });
  return schema.length === columns.length ? schema : undefined;
}
