import type { Findings } from './findings.ts';
import { traitsOf, type TaskDefinition, type TaskTypeRegistry } from './task-definition.ts';
import type { Task } from './workflow.ts';

/** Only a result that is nothing but rows can be used again; one that was read outside has an age. */
export function checkCaches(
  findings: Findings,
  { tasks, taskTypes }: { readonly tasks: readonly Task[]; readonly taskTypes: TaskTypeRegistry },
): void {
  for (const task of tasks) {
    const definition = taskTypes.get(task.type);
    if (task.cache === undefined || definition === undefined) continue;
    const problem = problemOf(task, definition);
    if (problem !== undefined) {
      findings.addAtKey(['tasks', task.id, 'cache'], problem.message, problem.hint);
    }
  }
}

type Problem = { readonly message: string; readonly hint?: string };

function problemOf(
  { type, cache, partitions, config }: Task,
  definition: TaskDefinition,
): Problem | undefined {
  const { outside, produces } = traitsOf(definition, config);
  if (outside === 'changed') {
    const message = `a ${type} task changes something outside Floe, which a result of earlier does not do`;
    return { message, hint: 'Use it on the tasks before, whose rows it takes.' };
  }
  if (produces === 'nothing') return { message: `${type} makes no rows that could be kept` };
  if (partitions !== undefined) {
    const message = 'what is made in partitions is not kept for later runs';
    return { message, hint: 'Leave out `cache` or `partitions`.' };
  }
  if (outside === 'read' && cache?.ttlMs === undefined) {
    const message = `a ${type} task reads what can change: say how old its result may be`;
    return { message, hint: 'Write `cache: 1h`, or `cache: { ttl: 1h }`.' };
  }
  return undefined;
}
