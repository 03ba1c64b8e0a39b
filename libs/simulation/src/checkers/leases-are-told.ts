import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// The answer to an exchange follows the answer to its commit in the same instant.
const ANSWER_WITHIN_MS = 2;

/** What an exchange claims for an executor it also tells the executor; else the work waits for a lease to run out. */
export const leasesAreTold: MakeChecker = ({ tables, worldNow }) => {
  const told = new Set<string>();
  /** Tokens of exchanges that were answered by the process that claimed with them. */
  const answered = new Set<string>();
  const claimedBy = new Map<string, string>();
  const claimedAt = new Map<string, number>();
  return {
    name: 'leases-are-told',
    promise: 'P4: what was claimed for an executor is given to it',
    onCommit({ batch, by }, fail) {
      for (const { runId, task, epoch, tokenHash } of batch.claims) {
        claimedBy.set(attemptKey(runId, task, epoch), `${by} ${tokenHash}`);
        claimedAt.set(`${by} ${tokenHash}`, worldNow());
        answered.delete(`${by} ${tokenHash}`);
      }
      for (const { runId, task, epoch, state } of batch.ends) {
        const key = attemptKey(runId, task, epoch);
        if (state === 'lost' && !told.has(key) && answered.has(claimedBy.get(key) ?? ''))
          fail(
            `${key} was lost because its executor ${executorOf(runId, task, epoch)} never heard of it`,
          );
      }
    },
    onExchanged({ by, tokenHash, leases }) {
      for (const { runId, task, epoch } of leases) told.add(attemptKey(runId, task, epoch));
      const sinceMs = worldNow() - (claimedAt.get(`${by} ${tokenHash}`) ?? 0);
      if (sinceMs <= ANSWER_WITHIN_MS) answered.add(`${by} ${tokenHash}`);
    },
  };

  function executorOf(runId: string, task: number, epoch: number): string {
    return tables.attempt(runId, task, epoch)?.executorId ?? 'unknown';
  }
};
