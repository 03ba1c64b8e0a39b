import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// What was slow or lost before everything was whole may still be on its way.
const CALM_BEFORE_MS = 8_000;

/** Where nothing goes wrong, nothing is taken for dead. */
export const calmIsCalm: MakeChecker = ({ wholeForMs }) => {
  const claimedInCalm = new Set<string>();
  return {
    name: 'calm-is-calm',
    promise: 'P4: only what is dead is taken for dead',
    onCommit({ batch }, fail) {
      for (const { runId, task, epoch } of batch.claims)
        if (wholeForMs() > CALM_BEFORE_MS) claimedInCalm.add(attemptKey(runId, task, epoch));
      for (const { runId, task, epoch, state } of batch.ends) {
        const key = attemptKey(runId, task, epoch);
        if (state === 'lost' && claimedInCalm.has(key))
          fail(`attempt ${key} was lost, and nothing was wrong`);
      }
    },
  };
};
