import type { FusionPlace, Task, Workflow } from '@floe/workflow';
import { compilePlan } from './compile-plan.ts';

// Polars walks a plan by recursion: a stage stays far below what its stack holds, and a person can still read it.
const STAGE_TASKS_MAX = 32;

/** Where the plan of a task can stand in one that is made of several, as its type says. */
export type FusionRules = (task: Task) => FusionPlace;

/**
 * The stages of more than one task, each in the order of its data: positions in `workflow.tasks`. The tasks of a stage
 * can be executed as one Polars plan by one attempt, in which only the last one's rows are stored. What comes out is
 * the same as if each were executed by itself.
 */
export function planStages(workflow: Workflow, rules: FusionRules): readonly (readonly number[])[] {
  const { order, tasks } = compilePlan(workflow);
  const stages: number[][] = [];
  const stageOf = new Map<number, number[]>();
  for (const index of order) {
    const before = tasks[index]!.upstream.find((up) => {
      const isOnlyReader = tasks[up]!.downstream.length === 1;
      return isOnlyReader && continues(workflow.tasks[up]!, workflow.tasks[index]!, rules);
    });
    const stage = before === undefined ? undefined : stageOf.get(before);
    // What joins two chains goes on with one of them; the other ends with its rows stored.
    const isEnd = stage?.at(-1) === before && stage !== undefined;
    if (isEnd && stage.length < STAGE_TASKS_MAX) {
      stage.push(index);
      stageOf.set(index, stage);
    } else {
      const first = [index];
      stages.push(first);
      stageOf.set(index, first);
    }
  }
  return stages.filter(({ length }) => length > 1);
}

/** Whether a task can go on with the rows of another that nobody has stored. */
function continues(before: Task, task: Task, rules: FusionRules): boolean {
  if (!task.inputs.includes(before.id)) return false;
  if (before.materialize === true || before.contract !== undefined) return false;
  // A result that is kept is stored, and whether one is known is asked with the content of what the task reads.
  if (before.cache !== undefined || task.cache !== undefined) return false;
  // What decides whether the task begins at all is asked when the one before has ended.
  if (task.trigger !== 'all_succeeded' || task.when !== undefined) return false;
  if (!isPlain(before) || !isPlain(task) || placeOf(before) !== placeOf(task)) return false;
  return rules(before) === 'anywhere' && rules(task) !== 'nowhere';
}

/** It is one attempt whose time and place are nobody else's business. */
function isPlain(task: Task): boolean {
  const hasLimits = task.totalTimeoutMs !== undefined || task.progressTimeoutMs !== undefined;
  const isShared = task.foreach !== undefined || task.partitions !== undefined;
  return !isShared && task.concurrency === undefined && !hasLimits;
}

/** Where its attempts may run, and with how much memory. */
function placeOf({ pool, labels, memoryBytes }: Task): string {
  return JSON.stringify([pool, labels ?? [], memoryBytes ?? null]);
}
