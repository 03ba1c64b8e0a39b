import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// What an executor waits for an answer, its pause after that, and a way.
const ASKS_WITHIN_MS = 5_000;

type Claimed = { readonly at: number; readonly tokenHash: string; readonly executorId: string };

/** Whoever hears nothing of what it has asked for asks again, so that what it was given does not lie until its lease is over. */
export const answersAreAskedFor: MakeChecker = ({ asked, worldNow, hasClockJumped }) => {
  const claimed = new Map<string, Claimed>();
  return {
    name: 'answers-are-asked-for',
    promise: 'P4: no lease that an executor may have been given stays unknown to it',
    onCommit({ batch }, fail) {
      for (const { runId, task, epoch, tokenHash, executorId } of batch.claims)
        claimed.set(attemptKey(runId, task, epoch), { at: worldNow(), tokenHash, executorId });
      if (hasClockJumped()) return;
      for (const { runId, task, epoch, state } of batch.ends) {
        const key = attemptKey(runId, task, epoch);
        const claim = claimed.get(key);
        if (state !== 'lost' || claim === undefined || asked.isKnown(claim.tokenHash)) continue;
        const { at, executorId } = claim;
        const heldMs = worldNow() - at;
        if (asked.freeSince(executorId) < at && heldMs > ASKS_WITHIN_MS)
          fail(`${key} was given to ${executorId}, which heard nothing and did not ask`);
      }
    },
  };
};
