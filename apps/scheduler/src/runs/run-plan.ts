import { runGraphOf } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import type { Workflow } from '@floe/workflow';
import type { RunPlan } from './run-record.ts';

/** What never changes about a version. */
export function toRunPlan(workflow: Workflow): RunPlan {
  // A type that this version does not know (another one applied it) is left to a worker, which says so.
  const graph = runGraphOf(workflow, (type) => TASK_TYPES.get(type)?.lane ?? 'slot');
  const taskIndexes = new Map(graph.tasks.map((task, index) => [task.id, index]));
  return { workflow, graph, taskIndexes };
}
