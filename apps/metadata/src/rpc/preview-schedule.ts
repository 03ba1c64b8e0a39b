import { FloeError } from '@floe/errors';
import { PreviewScheduleResponse, type PreviewScheduleRequest } from '@floe/rpc/contracts';
import { nextSlot, timetableOf, type Schedule as Definition } from '@floe/schedule';
import { PREVIEW_COUNT_DEFAULT, PREVIEW_COUNT_MAX } from '../limits.ts';
import type { RpcContext } from './context.ts';
import { requireSchedule, scheduleMessage } from './schedule-message.ts';

export async function previewSchedule(
  context: RpcContext,
  request: PreviewScheduleRequest,
): Promise<PreviewScheduleResponse> {
  const count = request.count === 0 ? PREVIEW_COUNT_DEFAULT : request.count;
  if (count < 1 || count > PREVIEW_COUNT_MAX) {
    throw new FloeError(
      'ARGUMENT_INVALID',
      `count is ${count}; it must be from 1 to ${PREVIEW_COUNT_MAX}`,
    );
  }
  const row = await requireSchedule(context, request.scheduleId);
  const timetable = timetableOf(row.definition as Definition, context.zones);
  const slotTimes: Date[] = [];
  let after = (request.fromTime?.getTime() ?? Date.now()) - 1;
  while (timetable !== undefined && slotTimes.length < count) {
    const slot = nextSlot(timetable, after);
    if (slot === undefined) break;
    slotTimes.push(new Date(slot));
    after = slot;
  }
  return PreviewScheduleResponse.create({
    schedule: scheduleMessage(context, row),
    slotTimes,
    tzdataVersion: process.versions.tz ?? '',
  });
}
