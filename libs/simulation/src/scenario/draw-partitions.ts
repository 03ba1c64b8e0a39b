/**
 * Worlds in which a task is shared in partitions. Drawn apart from the rest, so that a world that has none of it stays what
 * it was.
 */
import type { Task } from '@floe/workflow';
import { diceFor } from '../world/dice.ts';
import { isCalm } from './draw-scenario.ts';
import type { Scenario } from './scenario.ts';

const SHARED_SHARE = 0.12;
const TASK_SHARE = 0.4;
const COUNT_MAX = 4;
const LOST_SHARE = 0.5;
const LOST_RATE = 0.15;

export function drawPartitions(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'partitions');
  if (!dice.chance(SHARED_SHARE)) return scenario;
  const share = (task: Task): Task => {
    const isPlain =
      task.type === 'noop' && task.foreach === undefined && task.concurrency === undefined;
    if (!isPlain || !dice.chance(TASK_SHARE)) return task;
    return { ...task, partitions: { count: dice.int(2, COUNT_MAX) } };
  };
  const wishes = scenario.wishes.map((wish) => ({
    ...wish,
    workflow: { ...wish.workflow, tasks: wish.workflow.tasks.map(share) },
  }));
  const isLossy = dice.chance(LOST_SHARE) && !isCalm(scenario);
  const rates = isLossy ? { ...scenario.rates, 'snapshot-lost': LOST_RATE } : scenario.rates;
  return { ...scenario, wishes, rates };
}
