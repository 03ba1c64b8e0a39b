/**
 * Worlds in which one attempt may carry out several tasks. Drawn apart from the rest, so that a world that has none of it
 * stays what it was.
 */
import type { Task } from '@floe/workflow';
import { diceFor } from '../world/dice.ts';
import type { Scenario } from './scenario.ts';

const STAGED_SHARE = 0.3;

export function drawStages(scenario: Scenario): Scenario {
  if (!diceFor(scenario.seed, 'stages').chance(STAGED_SHARE)) return scenario;
  const wishes = scenario.wishes.map((wish) => ({
    ...wish,
    workflow: { ...wish.workflow, tasks: wish.workflow.tasks.map(asTransform) },
  }));
  return { ...scenario, wishes };
}

/** A task that does nothing outside, and reads what the tasks before it make. */
export function asTransform(task: Task): Task {
  if (task.type !== 'noop') return task;
  return { ...task, type: 'expression_transform', inputs: task.needs, needs: [] };
}
