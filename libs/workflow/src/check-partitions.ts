import type { Findings } from './findings.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { Task } from './workflow.ts';

/** What a task with partitions must be, and what it cannot have besides. */
export function checkPartitions(
  findings: Findings,
  task: Task,
  definition: TaskDefinition | undefined,
): void {
  if (definition === undefined) return;
  const path = ['tasks', task.id, 'partitions'];
  if (definition.whyNoPartitions === undefined) {
    const message = `a ${task.type} task cannot be shared in partitions`;
    const hint =
      'Write it on a postgres_extract; tasks behind it that look at each row alone follow by themselves.';
    findings.addAtKey(path, message, hint);
    return;
  }
  const refusal = definition.whyNoPartitions(task.config) ?? conflictOf(task);
  if (refusal !== undefined) findings.addAtKey(path, refusal.message, refusal.hint);
}

function conflictOf({ foreach, concurrency }: Task) {
  if (foreach !== undefined) {
    const message = '`partitions` and `foreach` are two ways to share one task';
    return { message, hint: 'Choose one of them.' };
  }
  if (concurrency !== undefined) {
    const message =
      '`partitions` need several attempts at once, and `concurrency` is there to forbid it';
    return { message, hint: 'Write `concurrency` on the whole workflow instead.' };
  }
  return undefined;
}
