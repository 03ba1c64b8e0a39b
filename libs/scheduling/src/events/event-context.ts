import type { RunPlan } from '../runs/run-plan.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { EventContext } from './expand-events.ts';

/** What events of a run show of it besides what they changed. */
export function eventContext(record: RunRecord): EventContext {
  const { state, plan } = record;
  const { runId, workflowName, workflowVersion, generation, trigger, parameters, traceId } = record;
  const { createdAt, deadlineAt } = state;
  return {
    runId,
    workflowName,
    workflowVersion,
    generation,
    trigger,
    parameters,
    traceId,
    createdAt,
    deadlineAt,
    ...tasksOf(plan),
  };
}

export function tasksOf({ workflow, graph }: RunPlan): Pick<EventContext, 'taskCount' | 'task'> {
  return {
    taskCount: graph.tasks.length,
    task(index) {
      const { id, upstream } = graph.tasks[index]!;
      const upstreamTaskIds = upstream.map((task) => graph.tasks[task]!.id);
      return { id, type: workflow.tasks[index]!.type, upstreamTaskIds };
    },
  };
}
