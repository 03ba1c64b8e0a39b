import type { RunGraph } from '@floe/engine';
import { runGraphOf, type TypeOf } from '@floe/plan';
import type { Workflow } from '@floe/workflow';

/** What never changes about a version, worked out once for all of its runs. */
export type RunPlan = {
  readonly workflow: Workflow;
  readonly graph: RunGraph;
  readonly taskIndexes: ReadonlyMap<string, number>;
};

/** Plans of versions by name and number; rejects with VERSION_NOT_FOUND. */
export type PlanOf = (workflowName: string, version: number) => Promise<RunPlan>;

export function toRunPlan(workflow: Workflow, typeOf: TypeOf): RunPlan {
  const graph = runGraphOf(workflow, typeOf);
  const taskIndexes = new Map(graph.tasks.map((task, index) => [task.id, index]));
  return { workflow, graph, taskIndexes };
}
