import { toControlError, type ControlDatabase, type ControlSession } from '@floe/database';
import { RunFault, type RunStore, type RunTransaction } from '@floe/scheduling';
import { findDueRuns, findExpiredLeases, findUnclaimedVoids, findWaiting } from './due-work.ts';
import { findHeld } from './find-held.ts';
import { insertRuns } from './insert-runs.ts';
import { loadRun } from './load-run.ts';
import { lockRuns } from './lock-runs.ts';
import { adoptOutbox, deleteOutbox, readEventBatch } from './outbox.ts';
import { countPlaces, findWaitingForPlace, freePlaces, takePlaces } from './places.ts';
import { postpone } from './postpone.ts';
import { renewLeases } from './renew-leases.ts';
import { findResults, forgetResults } from './results.ts';
import { writeBatch } from './write-batch.ts';

/** Runs in PostgreSQL. Whatever fails there is a FloeError here. */
export function pgRunStore(database: ControlDatabase): RunStore {
  return {
    transaction: (work) => told(database.transact((session) => work(runTransaction(session)))),
    findDueRuns: (limit) => told(findDueRuns(database, limit)),
    findExpiredLeases: (graceMs, limit) => told(findExpiredLeases(database, { graceMs, limit })),
    renewLeases: (renewals, leaseMs) => told(renewLeases(database, renewals, leaseMs)),
    findWaiting: (readyForMs, limit) => told(findWaiting(database, { readyForMs, limit })),
    findUnclaimedVoids: (readyForMs, limit) =>
      told(findUnclaimedVoids(database, { readyForMs, limit })),
    findWaitingForPlace: (key, limit) => told(findWaitingForPlace(database, key, limit)),
    forgetResults: (limit) => told(forgetResults(database, limit)),
    adoptOutbox: (wanted) => told(adoptOutbox(database, wanted)),
    deleteOutbox: (ids) => told(deleteOutbox(database, ids)),
    async readEvents(row, planOf) {
      const batch = await told(readEventBatch(database, row));
      const record = batch && (await told(loadRun(database, row.runId, planOf)));
      return batch && record && { batch, record };
    },
  };
}

function runTransaction(session: ControlSession): RunTransaction {
  return {
    insertRuns: (runs) => insertRuns(session, runs),
    lock: (runIds, demands) => lockRuns(session, runIds, demands),
    loadRun: (runId, planOf) => loadRun(session, runId, planOf),
    findHeld: (tokenHash) => findHeld(session, tokenHash),
    takePlaces: (wishes) => takePlaces(session, wishes),
    freePlaces: (places) => freePlaces(session, places),
    countPlaces: (keys) => countPlaces(session, keys),
    findResults: (wishes) => findResults(session, wishes),
    postpone: (runIds) => postpone(session, runIds),
    write: (batch) => writeBatch(session, batch),
  };
}

async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RunFault)) throw toControlError(error);
    const cause = toControlError(error.cause);
    throw cause.code === 'DATABASE_UNAVAILABLE' ? cause : error;
  }
}
