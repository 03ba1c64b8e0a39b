import type { Schema } from '@floe/expression';
import type { Partitions, Task, TaskTypeRegistry, Workflow } from '@floe/workflow';
import { compilePlan } from '../compile-plan.ts';

export type PartitionPlan = {
  /** How each task is shared that is; the others are one attempt. */
  readonly partitions: ReadonlyMap<string, Partitions>;
  /** Why a task that reads parts reads them all in one attempt, for people. */
  readonly gathers: ReadonlyMap<string, string>;
};

export type PartitionSources = {
  readonly taskTypes: TaskTypeRegistry;
  /** Output columns by task, as `checkTypes` gives them. */
  readonly schemas: ReadonlyMap<string, Schema>;
};

/**
 * Which tasks run part by part: those whose documents say so, and behind them those that are proven to look at each row
 * alone. All others gather: they read all parts in one attempt.
 */
export function planPartitions(workflow: Workflow, sources: PartitionSources): PartitionPlan {
  const partitions = new Map<string, Partitions>();
  const gathers = new Map<string, string>();
  for (const index of compilePlan(workflow).order) {
    const task = workflow.tasks[index]!;
    const own = task.partitions;
    if (own !== undefined && own.of === undefined) {
      partitions.set(task.id, own);
      continue;
    }
    const of = task.inputs.find((input) => partitions.has(input));
    if (of === undefined) continue;
    const why = whyGathers(workflow, task, sources);
    if (why === undefined) partitions.set(task.id, { count: partitions.get(of)!.count, of });
    else gathers.set(task.id, why);
  }
  return { partitions, gathers };
}

/** The workflow as it is run. */
export function withPartitions(workflow: Workflow, sources: PartitionSources): Workflow {
  const { partitions } = planPartitions(workflow, sources);
  if (partitions.size === 0) return workflow;
  const tasks = workflow.tasks.map((task) => {
    const shared = partitions.get(task.id);
    return shared === undefined ? task : { ...task, partitions: shared };
  });
  return { ...workflow, tasks };
}

function whyGathers(
  { params }: Workflow,
  { type, config, inputs, foreach, concurrency, ...task }: Task,
  { taskTypes, schemas }: PartitionSources,
): string | undefined {
  const definition = taskTypes.get(type);
  if (definition?.whyWhole === undefined) return `a ${type} task takes all rows at once`;
  if (inputs.length > 1) return 'it reads several tasks';
  if (foreach !== undefined || concurrency !== undefined)
    return `it has \`${foreach === undefined ? 'concurrency' : 'foreach'}\``;
  if (task.cache !== undefined) return 'its result is kept for later runs';
  const known = new Map(inputs.map((name) => [name, schemas.get(name)]));
  if (!schemas.has(task.id)) return 'its columns are not known before the run';
  return definition.whyWhole({ config, inputs: known, params, described: undefined });
}
