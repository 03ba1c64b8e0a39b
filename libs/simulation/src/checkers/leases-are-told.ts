import type { Batch } from '@floe/scheduling';
import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// The answer to an exchange follows the answer to its commit in the same instant.
const ANSWER_WITHIN_MS = 2;

type Claiming = { readonly batch: Batch; readonly at: number; isAnswered: boolean };

/** What an exchange claims for an executor it also tells the executor; else the work waits for a lease to run out. */
export const leasesAreTold: MakeChecker = ({ tables, worldNow }) => {
  const told = new Set<string>();
  /** The last commit of each process that claimed with a token. One that came twice claims twice. */
  const newest = new Map<string, Claiming>();
  const claimedIn = new Map<string, Claiming>();
  return {
    name: 'leases-are-told',
    promise: 'P4: what was claimed for an executor is given to it',
    onCommit({ batch, by }, fail) {
      for (const { runId, task, epoch, tokenHash } of batch.claims) {
        const last = newest.get(`${by} ${tokenHash}`);
        const claiming =
          last?.batch === batch ? last : { batch, at: worldNow(), isAnswered: false };
        newest.set(`${by} ${tokenHash}`, claiming);
        claimedIn.set(attemptKey(runId, task, epoch), claiming);
      }
      for (const { runId, task, epoch, state } of batch.ends) {
        const key = attemptKey(runId, task, epoch);
        if (state === 'lost' && !told.has(key) && claimedIn.get(key)?.isAnswered === true)
          fail(
            `${key} was lost because its executor ${executorOf(runId, task, epoch)} never heard of it`,
          );
      }
    },
    onExchanged({ by, tokenHash, leases }) {
      for (const { runId, task, epoch } of leases) told.add(attemptKey(runId, task, epoch));
      const claiming = newest.get(`${by} ${tokenHash}`);
      if (claiming !== undefined && worldNow() - claiming.at <= ANSWER_WITHIN_MS)
        claiming.isAnswered = true;
    },
  };

  function executorOf(runId: string, task: number, epoch: number): string {
    return tables.attempt(runId, task, epoch)?.executorId ?? 'unknown';
  }
};
