import type { RunGraph } from '@floe/engine';
import { planStages, runGraphOf, type FusionRules, type TypeOf } from '@floe/plan';
import type { Workflow } from '@floe/workflow';
import { keptTasksOf, type KeptTask } from '../results/kept-tasks.ts';

/** What never changes about a version, worked out once for all of its runs. */
export type RunPlan = {
  readonly workflow: Workflow;
  readonly graph: RunGraph;
  readonly taskIndexes: ReadonlyMap<string, number>;
  /** Tasks whose results are kept for later runs. */
  readonly kept: ReadonlyMap<number, KeptTask>;
};

/** Plans of versions by name and number; rejects with VERSION_NOT_FOUND. */
export type PlanOf = (workflowName: string, version: number) => Promise<RunPlan>;

/** Without rules of fusion each task is an attempt of its own. */
export function toRunPlan(workflow: Workflow, typeOf: TypeOf, rules?: FusionRules): RunPlan {
  const stages = rules === undefined ? [] : planStages(workflow, rules);
  const graph = withFollowers(runGraphOf(workflow, typeOf), stages);
  const taskIndexes = new Map(graph.tasks.map((task, index) => [task.id, index]));
  const kept = keptTasksOf(workflow, (type) => typeOf(type).resultVersion ?? 1);
  return { workflow, graph, taskIndexes, kept };
}

function withFollowers(graph: RunGraph, stages: readonly (readonly number[])[]): RunGraph {
  if (stages.length === 0) return graph;
  const followers = new Map(
    stages.flatMap((stage) => stage.slice(1).map((task, at) => [stage[at]!, task] as const)),
  );
  const tasks = graph.tasks.map((task, index) => {
    const follower = followers.get(index);
    return follower === undefined ? task : { ...task, follower };
  });
  return { tasks };
}
