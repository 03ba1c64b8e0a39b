import type { ColumnLineage, Schema } from '@floe/expression';
import { makesNothing, type Task, type TaskTypeRegistry, type Workflow } from '@floe/workflow';
import { compilePlan } from '../compile-plan.ts';
import {
  anyColumn,
  mergeSources,
  through,
  type DatasetLineage,
  type LineageSource,
} from './source.ts';

export type LineageTrace = {
  readonly taskTypes: TaskTypeRegistry;
  /** Output columns by task, as `checkTypes` gives them. */
  readonly schemas: ReadonlyMap<string, Schema>;
  /** Where the columns come from that tasks bring in from outside; one that is not there could not be asked about. */
  readonly reads: ReadonlyMap<string, DatasetLineage>;
};

/** Where the columns of every task's dataset come from, by task, followed to the tables and files outside. */
export function traceLineage(
  workflow: Workflow,
  trace: LineageTrace,
): ReadonlyMap<string, DatasetLineage> {
  const known = new Map<string, DatasetLineage>();
  for (const index of compilePlan(workflow).order) {
    const task = workflow.tasks[index]!;
    known.set(task.id, traceTask(workflow, task, { ...trace, known }));
  }
  return known;
}

type TaskTrace = LineageTrace & { readonly known: ReadonlyMap<string, DatasetLineage> };

function traceTask(workflow: Workflow, task: Task, trace: TaskTrace): DatasetLineage {
  const read = trace.reads.get(task.id);
  if (read !== undefined) return read;
  const definition = trace.taskTypes.get(task.type);
  const inputs = task.inputs.flatMap((name) => trace.known.get(name) ?? []);
  const schema = trace.schemas.get(task.id);
  const rule = definition?.lineage?.({
    config: task.config,
    inputs: new Map(task.inputs.map((name) => [name, trace.schemas.get(name)])),
    params: workflow.params,
    described: undefined,
  });
  if (rule !== undefined) return composed(rule, trace.known);
  if (task.inputs.length === 0 && makesNothing(trace.taskTypes, task)) return NOTHING;
  // A rule that is missing hides what the task does; one that gives nothing lacks the columns of an input.
  const certainty =
    definition?.lineage === undefined && inputs.length > 0 ? 'opaque' : 'unresolved';
  return fromAnywhere(schema, datasetsOf(inputs, certainty));
}

const NOTHING: DatasetLineage = { columns: [], dependencies: [] };

/** The lineage of one task over its inputs, with their columns replaced by where those come from. */
function composed(rule: ColumnLineage, known: ReadonlyMap<string, DatasetLineage>): DatasetLineage {
  const indexes = new Map(
    rule.inputs.map((name) => [name, sourcesByColumn(known.get(name) ?? NOTHING)]),
  );
  const follow = (edges: ColumnLineage['dependencies']): readonly LineageSource[] =>
    mergeSources(
      edges.flatMap((edge) =>
        (indexes.get(edge.input)?.get(edge.column) ?? []).map((source) => through(source, edge)),
      ),
    );
  const inherited = rule.inputs.flatMap((name) => known.get(name)?.dependencies ?? []);
  return {
    columns: rule.columns.map(({ name, sources }) => ({ name, sources: follow(sources) })),
    dependencies: mergeSources([...inherited, ...follow(rule.dependencies)]),
  };
}

function sourcesByColumn({
  columns,
}: DatasetLineage): ReadonlyMap<string, readonly LineageSource[]> {
  return new Map(columns.map(({ name, sources }) => [name, sources]));
}

/** All that the inputs come from, or a source without a name where even that is not known. */
function datasetsOf(
  inputs: readonly DatasetLineage[],
  certainty: 'opaque' | 'unresolved',
): readonly LineageSource[] {
  const sources = inputs.flatMap(({ columns, dependencies }) => [
    ...columns.flatMap((column) => column.sources),
    ...dependencies,
  ]);
  if (inputs.length === 0) return [anyColumn('', 'unresolved')];
  return mergeSources(
    sources.map(({ dataset, certainty: before }) =>
      anyColumn(dataset, before === 'unresolved' ? before : certainty),
    ),
  );
}

function fromAnywhere(
  schema: Schema | undefined,
  sources: readonly LineageSource[],
): DatasetLineage {
  return {
    columns: (schema ?? []).map(({ name }) => ({ name, sources })),
    dependencies: sources.map((source) =>
      schema === undefined ? source : { ...source, how: 'filter' },
    ),
  };
}
