import { anyOf, type InputDemand, type RowCondition, type Schema } from '@floe/expression';
import type { SchemaContext, Task, TaskTypeRegistry, Workflow } from '@floe/workflow';

/** What a task that brings data in may leave out, because no task after it would miss it. */
export type PushDown = {
  /** The columns that are used, in their order; absent: all of them. */
  readonly columns?: readonly string[];
  /** Conditions that all rows fulfil that are used; the tasks behind it check them again. */
  readonly conditions: readonly RowCondition[];
};

export type PushDownPlan = {
  readonly taskTypes: TaskTypeRegistry;
  /** Output columns by task, as `checkTypes` gives them. */
  readonly schemas: ReadonlyMap<string, Schema>;
};

type Consumer = { readonly task: Task; readonly demand: InputDemand };

// A condition with an alternative for each of more tasks would cost the database more than it saves.
const ALTERNATIVES_MAX = 4;

/**
 * What can be left out, by task; a task from which everything is wanted is not in it.
 *
 * Only what the tasks directly behind a task do not want is left out, so that the dataset of every other task stays
 * what it was. Nothing is left out of a dataset that is there for more than its rows: one with a contract, one that a
 * condition or `foreach` looks at, one that nobody reads.
 */
export function planPushDown(
  workflow: Workflow,
  plan: PushDownPlan,
): ReadonlyMap<string, PushDown> {
  const consumers = Map.groupBy(
    workflow.tasks.flatMap((task) => task.inputs.map((input) => ({ task, input }))),
    ({ input }) => input,
  );
  const planned = new Map<string, PushDown>();
  for (const task of workflow.tasks) {
    if (!isPushable(workflow, task, plan)) continue;
    const tasks = (consumers.get(task.id) ?? []).map((consumer) => consumer.task);
    const push = pushDownOf(workflow, task, { ...plan, tasks });
    if (push.columns !== undefined || push.conditions.length > 0) planned.set(task.id, push);
  }
  return planned;
}

function isPushable(workflow: Workflow, task: Task, { taskTypes, schemas }: PushDownPlan): boolean {
  const takes = taskTypes.get(task.type)?.takesPushDown?.(task.config) ?? false;
  if (!takes || task.contract !== undefined || task.foreach !== undefined) return false;
  return schemas.has(task.id) && !workflow.tasks.some((other) => looksAt(other, task.id));
}

/** Whether it depends on the dataset in another way than by reading it. */
function looksAt({ when, foreach, inputs, needs }: Task, id: string): boolean {
  if (foreach?.source.from === 'rows' && foreach.source.task === id) return true;
  return when !== undefined && [...inputs, ...needs].includes(id);
}

type Reading = PushDownPlan & { readonly tasks: readonly Task[] };

function pushDownOf(workflow: Workflow, task: Task, reading: Reading): PushDown {
  const consumers = reading.tasks.map((consumer): Consumer | undefined => {
    const definition = reading.taskTypes.get(consumer.type);
    const context = contextOf(workflow, consumer, reading.schemas);
    const demand = definition?.demand?.(context)?.get(task.id);
    return demand === undefined ? undefined : { task: consumer, demand };
  });
  const known = consumers.filter((consumer) => consumer !== undefined);
  if (known.length === 0 || known.length < consumers.length) return { conditions: [] };
  const columns = usedColumns(workflow, task, { ...reading, consumers: known });
  const branches = known.map(({ demand }) => demand.conditions);
  return {
    ...(columns === undefined ? {} : { columns }),
    conditions: branches.length > ALTERNATIVES_MAX ? [] : anyOf(branches),
  };
}

type Using = Reading & { readonly consumers: readonly Consumer[] };

/** The used columns, if there are fewer and the tasks behind make exactly the same of them. */
function usedColumns(workflow: Workflow, task: Task, using: Using): readonly string[] | undefined {
  const schema = using.schemas.get(task.id) ?? [];
  const wanted = new Set(using.consumers.flatMap(({ demand }) => demand.columns));
  const used = schema.filter(({ name }) => wanted.has(name));
  // Rows are counted by their columns: at least one has to be there.
  const kept = used.length === 0 ? schema.slice(0, 1) : used;
  if (kept.length === schema.length) return undefined;
  const reduced = new Map([...using.schemas, [task.id, kept] as const]);
  const isSame = using.consumers.every((consumer) => {
    const before = resultOf(workflow, consumer.task, using);
    return before === resultOf(workflow, consumer.task, { ...using, schemas: reduced });
  });
  return isSame ? kept.map(({ name }) => name) : undefined;
}

/** Columns and lineage of a task's result; undefined for one that does not work with these inputs. */
function resultOf(
  workflow: Workflow,
  task: Task,
  { taskTypes, schemas }: PushDownPlan,
): string | undefined {
  const definition = taskTypes.get(task.type);
  const context = contextOf(workflow, task, schemas);
  try {
    return JSON.stringify([definition?.outputSchema(context), definition?.lineage?.(context)]);
  } catch {
    // A name in the text leads to a column that is gone: the result says that this must not be.
    return undefined;
  }
}

function contextOf(
  { params }: Workflow,
  { config, inputs }: Task,
  schemas: ReadonlyMap<string, Schema>,
): SchemaContext<Task['config']> {
  const known = new Map(inputs.map((name) => [name, schemas.get(name)]));
  return { config, inputs: known, params, described: undefined };
}
