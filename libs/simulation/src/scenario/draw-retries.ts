/**
 * Worlds in which runs that have ended are run again: what did not succeed, from a task on, or some items of a task. Drawn
 * apart from the rest, so that a world that has none of it stays what it was.
 */
import { diceFor } from '../world/dice.ts';
import type { Scenario } from './scenario.ts';

const RETRYING_SHARE = 0.2;
// Few worlds have items, and a retry of some of them is the most that can be asked for.
const WITH_ITEMS_SHARE = 0.8;
// A run that was run again may be run again.
const RETRIES_MAX = 3;

export function drawRetries(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'retries');
  const hasItems = scenario.wishes.some(({ workflow }) =>
    workflow.tasks.some(({ foreach }) => foreach !== undefined),
  );
  if (!dice.chance(hasItems ? WITH_ITEMS_SHARE : RETRYING_SHARE)) return scenario;
  const wishes = scenario.wishes.map((wish) => ({ ...wish, retries: dice.int(0, RETRIES_MAX) }));
  return { ...scenario, wishes };
}
