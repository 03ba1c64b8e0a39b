import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// An executor knows the clock of the store as well as half of one call allows.
const CLOCK_ERROR_MS = 1_500;

/** What an exchange that was held up takes, nobody hears of; the work would lie until its lease is over. */
export const leasesAreWanted: MakeChecker = ({ waitsUntil, hasClockJumped }) => ({
  name: 'leases-are-wanted',
  promise: 'P4: nothing is given to who stopped waiting for it',
  onCommit({ batch, lockedAt }, fail) {
    if (lockedAt === undefined || hasClockJumped()) return;
    const ended = new Set(batch.ends.map((end) => attemptKey(end.runId, end.task, end.epoch)));
    for (const { runId, task, epoch, tokenHash, executorId } of batch.claims) {
      const lateMs = lockedAt - (waitsUntil.get(tokenHash) ?? lockedAt);
      const key = attemptKey(runId, task, epoch);
      // What ends at once was carried out by the attempt of another task: nobody is given it.
      if (ended.has(key)) continue;
      if (lateMs > CLOCK_ERROR_MS)
        fail(`${key} was given to ${executorId} ${lateMs} ms after that had stopped waiting`);
    }
  },
});
