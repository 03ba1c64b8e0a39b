import { GetScheduleResponse, type GetScheduleRequest } from '@floe/rpc/contracts';
import type { RpcContext } from './context.ts';
import { requireSchedule, scheduleMessage } from './schedule-message.ts';

export async function getSchedule(
  context: RpcContext,
  request: GetScheduleRequest,
): Promise<GetScheduleResponse> {
  const row = await requireSchedule(context, request.scheduleId);
  return GetScheduleResponse.create({ schedule: scheduleMessage(context, row) });
}
