import type { ControlDatabase, FloeTables } from '@floe/database';
import type { ScheduleStore, ScheduleTransaction } from '@floe/scheduling';
import type { Transaction } from 'kysely';
import { ACTIVE_RUNS_MAX } from '../../limits.ts';
import { countActiveRuns } from '../find-run.ts';
import {
  cancelPendingSlots,
  endBackfill,
  failBackfillSlot,
  findPresentSlots,
  openBackfillSlots,
  reachSlots,
  requestSlots,
  settleBackfillSlots,
} from './backfill-slots.ts';
import { countBadSlots, lockBackfill, openBackfills } from './backfills.ts';
import {
  claimSchedules,
  missSlot,
  releaseSchedules,
  settleSlots,
  storeDecisions,
} from './claim-schedules.ts';
import {
  advanceSchedules,
  insertSlots,
  lockDueSchedules,
  paceAheadMs,
  takeTurns,
} from './due-slots.ts';
import { lockChangedSchedules, writeFollowed } from './follow-definitions.ts';

type Db = ControlDatabase['db'];

/** Schedules and backfills in the control database. `tzdataVersion`: of the time zone database of this process. */
export function pgScheduleStore(db: Db, tzdataVersion: string): ScheduleStore {
  return {
    transaction: (work) =>
      db.transaction().execute((tx) => work(scheduleTransaction(tx, tzdataVersion))),
    isFull: async () => (await countActiveRuns(db)) >= ACTIVE_RUNS_MAX,
    claimSchedules: (claim) => claimSchedules(db, claim),
    storeDecisions: (claim, changes) => storeDecisions(db, claim, changes),
    missSlot: (requestId, reason) => missSlot(db, requestId, reason),
    releaseSchedules: (claim) => releaseSchedules(db, claim),
    settleSlots: (limit) => settleSlots(db, limit),
    openBackfills: (limit) => openBackfills(db, limit),
    failBackfillSlot: (slot) => failBackfillSlot(db, slot),
  };
}

function scheduleTransaction(
  tx: Transaction<FloeTables>,
  tzdataVersion: string,
): ScheduleTransaction {
  return {
    lockChangedSchedules: (limit) => lockChangedSchedules(tx, limit),
    writeFollowed: (rows) => writeFollowed(tx, rows),
    lockDueSchedules: (limit) => lockDueSchedules(tx, limit),
    paceAheadMs: () => paceAheadMs(tx),
    takeTurns: (count) => takeTurns(tx, count),
    insertSlots: (slots) => insertSlots(tx, slots, tzdataVersion),
    advanceSchedules: (rows) => advanceSchedules(tx, rows),
    lockBackfill: (id) => lockBackfill(tx, id),
    settleBackfillSlots: (id) => settleBackfillSlots(tx, id),
    openBackfillSlots: (id) => openBackfillSlots(tx, id),
    findPresentSlots: (scheduleId, slots) => findPresentSlots(tx, scheduleId, slots),
    reachSlots: (backfill, reached) => reachSlots(tx, backfill, reached),
    requestSlots: (id, requests) => requestSlots(tx, id, requests),
    cancelPendingSlots: (id) => cancelPendingSlots(tx, id),
    countBadSlots: (id) => countBadSlots(tx, id),
    endBackfill: (id, state) => endBackfill(tx, id, state),
  };
}
