import { FloeError } from '@floe/errors';
import {
  ScheduleSlotState,
  type ListScheduleSlotsRequest,
  type ListScheduleSlotsResponse,
  type ScheduleSlot,
} from '@floe/rpc/contracts';
import { isSchedule, listSlots, type LedgerSlot } from '../store/schedules/find-schedules.ts';
import { cutPage, keyOfToken, pageSize } from './paging.ts';
import type { ScheduleRpcContext } from './schedule-context.ts';

const STATES = {
  pending: ScheduleSlotState.PENDING,
  fired: ScheduleSlotState.FIRED,
  skipped: ScheduleSlotState.SKIPPED,
  missed: ScheduleSlotState.MISSED,
} as const;

// Later than every slot: timetables end before.
const AFTER_ALL = Date.UTC(9999, 0, 1);

/** The ledger of a schedule, newest first: also of one that was removed. */
export async function listScheduleSlots(
  { db }: ScheduleRpcContext,
  request: ListScheduleSlotsRequest,
): Promise<ListScheduleSlotsResponse> {
  const { scheduleId } = request;
  const size = pageSize(request.pageSize);
  if (!/^[a-z0-9_.-]{1,127}$/.test(scheduleId) || !(await isSchedule(db, scheduleId))) {
    const shown = JSON.stringify(scheduleId.slice(0, 127));
    throw new FloeError('SCHEDULE_NOT_FOUND', `no schedule has the id ${shown}`, {
      hint: 'List them with: floe schedules list',
    });
  }
  const list = `slots ${scheduleId}`;
  const key = keyOfToken({ list, isKey: (text) => /^\d{1,15}$/.test(text) }, request.pageToken);
  const before = new Date(key === undefined ? AFTER_ALL : Number(key));
  const rows = await listSlots(db, scheduleId, { before, limit: size + 1 });
  const page = cutPage(rows, { list, size, keyOf: (row) => String(row.slot_at) });
  return { slots: page.rows.map(slotMessage), nextPageToken: page.nextPageToken };
}

function slotMessage(row: LedgerSlot): ScheduleSlot {
  return {
    scheduleId: row.schedule_id,
    slotTime: new Date(row.slot_at),
    dueTime: new Date(row.due_at),
    state: STATES[row.state],
    reason: row.reason,
    runId: row.run_id ?? '',
    decideTime: row.decided_at === null ? undefined : new Date(row.decided_at),
    tzdataVersion: row.tzdata_version,
  };
}
