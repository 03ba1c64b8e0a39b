/**
 * One world in so many is made for loads that nobody hears of: an executor is frozen, its workers go on for longer than
 * anybody waits for them, and meanwhile people cancel their runs. In half of them it is the only executor. Drawn apart from the rest, as all that came later.
 */
import { diceFor } from '../world/dice.ts';
import { isCalm } from './draw-scenario.ts';
import type { ExecutorSpec, Scenario } from './scenario.ts';

const SILENT_ONE_IN = 16;
const FREEZES_AT_MS = [3_000, 5_000] as const;
const FREEZES_FOR_MS = [18_000, 30_000] as const;
const LONG_SHARE = 0.8;
const CANCELS_WITHIN_MS = 5_000;
// Somebody who is there, to find out what became of the load; or nobody, so that it is for the scheduler to have it found out.
const ALONE_ONE_IN = 2;
const OTHER: ExecutorSpec = { slots: 1, light: 4 };

export function drawSilence(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'silence');
  if (isCalm(scenario) || dice.int(1, SILENT_ONE_IN) > 1) return scenario;
  const at = dice.int(...FREEZES_AT_MS);
  const forMs = dice.int(...FREEZES_FOR_MS);
  const freeze = { kind: 'pause-supervisor', at, forMs, which: dice.int(0, 1_000) } as const;
  const wishes = scenario.wishes.map((wish) => {
    const cancelsAt = at + dice.int(0, CANCELS_WITHIN_MS);
    return { ...wish, acts: [{ type: 'cancel', at: cancelsAt, graceMs: undefined }] as const };
  });
  const isAlone = dice.int(1, ALONE_ONE_IN) === 1;
  return {
    ...scenario,
    executors: isAlone ? scenario.executors.slice(0, 1) : [...scenario.executors, OTHER],
    wishes,
    planned: [...scenario.planned, freeze],
    longShare: LONG_SHARE,
    healAt: at + forMs,
  };
}
