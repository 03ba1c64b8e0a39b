import type { GraphTask } from '@floe/engine';
import { compilePlan } from '@floe/plan';
import type { Task, Workflow } from '@floe/workflow';
import type { RunPlan } from './run-record.ts';

/** The graph of a version as the engine wants it. */
export function toRunPlan(workflow: Workflow): RunPlan {
  const plan = compilePlan(workflow);
  const tasks = plan.tasks.map((node, index): GraphTask => ({
    id: node.id,
    upstream: node.upstream,
    downstream: node.downstream,
    policy: toPolicy(workflow.tasks[index]!),
  }));
  const taskIndexes = new Map(tasks.map((task, index) => [task.id, index]));
  return { workflow, graph: { tasks }, taskIndexes };
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
