/**
 * Worlds in which tasks are to say how far they are, and some stall. Drawn apart from the rest, so that a world that has none
 * of it stays what it was.
 */
import type { Task } from '@floe/workflow';
import { diceFor } from '../world/dice.ts';
import { isCalm } from './draw-scenario.ts';
import type { Scenario } from './scenario.ts';

const TELLING_SHARE = 0.12;
const TASK_SHARE = 0.8;
const SILENT_MS = 1_500;
const STALLED_RATE = 0.4;

export function drawProgress(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'progress');
  if (!dice.chance(TELLING_SHARE)) return scenario;
  const telling = (task: Task): Task => {
    const isPlain =
      task.type === 'noop' && task.foreach === undefined && task.partitions === undefined;
    const { timeoutMs } = task;
    if (!isPlain || timeoutMs === SILENT_MS || !dice.chance(TASK_SHARE)) return task;
    return { ...task, progressTimeoutMs: SILENT_MS };
  };
  const wishes = scenario.wishes.map((wish) => ({
    ...wish,
    workflow: { ...wish.workflow, tasks: wish.workflow.tasks.map(telling) },
  }));
  const rates = isCalm(scenario)
    ? scenario.rates
    : { ...scenario.rates, 'worker-stalled': STALLED_RATE };
  return { ...scenario, wishes, rates };
}
