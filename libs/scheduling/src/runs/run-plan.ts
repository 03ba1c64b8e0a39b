import type { GraphTask, RunGraph } from '@floe/engine';
import { compilePlan } from '@floe/plan';
import type { Task, Workflow } from '@floe/workflow';
import type { Lane } from '../lane.ts';

/** What never changes about a version, worked out once for all of its runs. */
export type RunPlan = {
  readonly workflow: Workflow;
  readonly graph: RunGraph;
  readonly taskIndexes: ReadonlyMap<string, number>;
  /** By task: which kind of place its attempts need. */
  readonly lanes: readonly Lane[];
};

/** Plans of versions by name and number; rejects with VERSION_NOT_FOUND. */
export type PlanOf = (workflowName: string, version: number) => Promise<RunPlan>;

/** The graph of a version as the engine wants it. */
export function toRunPlan(workflow: Workflow, laneOf: (taskType: string) => Lane): RunPlan {
  const plan = compilePlan(workflow);
  const tasks = plan.tasks.map((node, index): GraphTask => ({
    id: node.id,
    upstream: node.upstream,
    downstream: node.downstream,
    policy: toPolicy(workflow.tasks[index]!),
  }));
  const taskIndexes = new Map(tasks.map((task, index) => [task.id, index]));
  const lanes = workflow.tasks.map(({ type }) => laneOf(type));
  return { workflow, graph: { tasks }, taskIndexes, lanes };
}

function toPolicy(task: Task): GraphTask['policy'] {
  return {
    retriesMax: task.retries.max,
    retryDelayMs: task.retries.delayMs,
    retryBackoff: task.retries.backoff,
    retryDelayMsMax: task.retries.maxDelayMs,
    retryJitter: task.retries.jitter,
    timeoutMs: task.timeoutMs,
    queueTimeoutMs: task.queueTimeoutMs,
  };
}
