import type { Workflow } from '@floe/workflow';
import { compilePlan } from '../compile-plan.ts';
import { anyColumn, mergeSources, type DatasetLineage, type LineageSource } from './source.ts';

/** Where a task puts its input, outside of the workflow. */
export type WriteTarget = {
  readonly dataset: string;
  /** Column of the input and column of the target; undefined where the input's columns are not known. */
  readonly columns: readonly (readonly [source: string, target: string])[] | undefined;
};

/** One dependency between two datasets of which at least one outlives the run. */
export type LineageEdge = LineageSource & {
  readonly targetDataset: string;
  /** Empty: all of its rows. */
  readonly targetColumn: string;
  /** The task that makes the target. */
  readonly taskId: string;
};

/** The name of a dataset that stays within its workflow. */
export function taskDataset(workflowName: string, taskId: string): string {
  return `floe://${workflowName}/${taskId}`;
}

/**
 * What the workflow as a whole makes of what: the columns of its targets, and of the datasets that nobody in it reads,
 * with the columns outside that they come from. Datasets between tasks are left out.
 */
export function lineageEdges(
  workflow: Workflow,
  lineage: ReadonlyMap<string, DatasetLineage>,
  writes: ReadonlyMap<string, WriteTarget>,
): readonly LineageEdge[] {
  const { tasks } = compilePlan(workflow);
  const read = new Set(workflow.tasks.flatMap(({ inputs }) => inputs));
  return tasks.flatMap(({ id }, index) => {
    const write = writes.get(id);
    const task = workflow.tasks[index]!;
    if (write !== undefined) {
      const found = written(id, write, inputsOf(task.inputs, lineage));
      return found.length > 0 ? found : [fromNothing(id, write)];
    }
    const own = lineage.get(id);
    if (read.has(id) || own === undefined) return [];
    const target = { dataset: taskDataset(workflow.name, id), columns: undefined };
    return edges(own, { ...target, taskId: id });
  });
}

function inputsOf(
  names: readonly string[],
  lineage: ReadonlyMap<string, DatasetLineage>,
): DatasetLineage {
  const inputs = names.flatMap((name) => lineage.get(name) ?? []);
  return {
    columns: inputs.flatMap(({ columns }) => columns),
    dependencies: mergeSources(inputs.flatMap(({ dependencies }) => dependencies)),
  };
}

function written(
  taskId: string,
  { dataset, columns }: WriteTarget,
  input: DatasetLineage,
): readonly LineageEdge[] {
  if (columns !== undefined) {
    const names = new Map(columns);
    const kept = input.columns.flatMap(({ name, sources }) => {
      const target = names.get(name);
      return target === undefined ? [] : [{ name: target, sources }];
    });
    return edges({ ...input, columns: kept }, { dataset, taskId });
  }
  const sources = [...input.columns.flatMap((column) => column.sources), ...input.dependencies];
  const datasets = new Set(sources.map((source) => source.dataset));
  const unresolved = [...datasets].map((source) => anyColumn(source, 'unresolved'));
  return edges({ columns: [], dependencies: unresolved }, { dataset, taskId });
}

/** Rows that no table or file is a source of, like those of `generate_series`: who makes the target is known all the same. */
function fromNothing(taskId: string, { dataset: targetDataset }: WriteTarget): LineageEdge {
  return {
    dataset: '',
    column: '',
    how: 'value',
    transformation: 'transformation',
    isMasked: false,
    certainty: 'exact',
    targetDataset,
    targetColumn: '',
    taskId,
  };
}

function edges(
  { columns, dependencies }: DatasetLineage,
  { dataset, taskId }: { readonly dataset: string; readonly taskId: string },
): readonly LineageEdge[] {
  const target = { targetDataset: dataset, taskId };
  return [
    ...columns.flatMap(({ name, sources }) =>
      sources.map((source) => ({ ...source, ...target, targetColumn: name })),
    ),
    ...dependencies.map((source) => ({ ...source, ...target, targetColumn: '' })),
  ];
}
