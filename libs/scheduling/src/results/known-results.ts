/**
 * Results of earlier runs in place of work that is ready.
 *
 *   K1. Only tasks whose document asks for it are looked up, all of a round in one statement. Where no task does,
 *       nothing is asked of the store.
 *   K2. A task whose result is known is never announced: it ends, and what becomes ready by it is looked up in turn.
 *   K3. A task that is done again because its dataset went missing is not looked up: what is known is what is missing.
 *   K4. Nobody waits for a result that another run is making: both make it, and the later one is kept.
 */
import { KNOWN_ROUNDS_MAX } from '../limits.ts';
import type { RunTransaction } from '../ports.ts';
import type { Decision } from '../commit/decision.ts';

export async function useKnownResults(
  tx: Pick<RunTransaction, 'findResults'>,
  decision: Decision,
): Promise<void> {
  for (let round = 0; round < KNOWN_ROUNDS_MAX; round += 1) {
    const wishes = decision.wishesForResults();
    if (wishes.length === 0) return;
    const found = await tx.findResults(wishes);
    wishes.forEach((wish, index) => {
      const result = found[index];
      if (result !== undefined) decision.reuse(wish, result);
    });
  }
}
