import { FloeError, isUuid } from '@floe/errors';
import { BackfillState, type Backfill } from '@floe/rpc/contracts';
import { findBackfill, type BackfillProgress } from '../store/schedules/backfills.ts';
import type { ScheduleRpcContext } from './schedule-context.ts';

const STATES: Readonly<Record<string, BackfillState>> = {
  running: BackfillState.RUNNING,
  paused: BackfillState.PAUSED,
  cancelling: BackfillState.CANCELLING,
  succeeded: BackfillState.SUCCEEDED,
  failed: BackfillState.FAILED,
  cancelled: BackfillState.CANCELLED,
};

export function backfillMessage(row: BackfillProgress): Backfill {
  const { present_slots, succeeded_slots, failed_slots, cancelled_slots, active_slots } = row;
  const known = present_slots + succeeded_slots + failed_slots + cancelled_slots + active_slots;
  return {
    backfillId: row.backfill_id,
    workflowName: row.workflow_name,
    scheduleId: row.schedule_id,
    fromTime: new Date(row.from_at),
    toTime: new Date(row.to_at),
    onlyMissing: row.only_missing,
    maxActive: row.max_active,
    state: STATES[row.state] ?? BackfillState.UNSPECIFIED,
    totalSlots: row.total_slots,
    activeSlots: active_slots,
    waitingSlots: Math.max(0, row.total_slots - known),
    succeededSlots: succeeded_slots,
    failedSlots: failed_slots,
    cancelledSlots: cancelled_slots,
    presentSlots: present_slots,
    createTime: new Date(row.created_at),
    endTime: row.ended_at === null ? undefined : new Date(row.ended_at),
  };
}

/** Throws BACKFILL_NOT_FOUND. */
export async function requireBackfill(
  { db }: ScheduleRpcContext,
  backfillId: string,
): Promise<BackfillProgress> {
  const found = isUuid(backfillId) ? await findBackfill(db, backfillId) : undefined;
  if (found !== undefined) return found;
  const shown = JSON.stringify(backfillId.slice(0, 80));
  throw new FloeError('BACKFILL_NOT_FOUND', `no backfill has the id ${shown}`, {
    hint: 'List them with: floe backfill list',
  });
}
