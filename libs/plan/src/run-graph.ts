import type { GraphTask, Lane, RunGraph } from '@floe/engine';
import type { Task, Workflow } from '@floe/workflow';
import { compilePlan } from './compile-plan.ts';

/** The graph of a version as the engine wants it: order, policies, and the lane of each task's type. */
export function runGraphOf(workflow: Workflow, laneOf: (taskType: string) => Lane): RunGraph {
  const plan = compilePlan(workflow);
  const tasks = plan.tasks.map(({ id, upstream, downstream }, index): GraphTask => {
    const task = workflow.tasks[index]!;
    return {
      id,
      lane: laneOf(task.type),
      upstream,
      downstream,
      trigger: task.trigger,
      work: { kind: 'attempts' },
      policy: toPolicy(task),
    };
  });
  return { tasks };
}

function toPolicy(task: Task): GraphTask['policy'] {
  return {
    retriesMax: task.retries.max,
    retryDelayMs: task.retries.delayMs,
    retryBackoff: task.retries.backoff,
    retryDelayMsMax: task.retries.maxDelayMs,
    retryJitter: task.retries.jitter,
    retryOn: [],
    timeoutMs: task.timeoutMs,
    queueTimeoutMs: task.queueTimeoutMs,
  };
}
