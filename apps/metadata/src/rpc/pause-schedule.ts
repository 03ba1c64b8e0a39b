import {
  PauseScheduleResponse,
  ResumeScheduleResponse,
  type PauseScheduleRequest,
  type ResumeScheduleRequest,
} from '@floe/rpc/contracts';
import { setPaused } from '../store/schedules.ts';
import type { RpcContext } from './context.ts';
import { isId, scheduleMessage, scheduleNotFound } from './schedule-message.ts';

export async function pauseSchedule(
  context: RpcContext,
  request: PauseScheduleRequest,
): Promise<PauseScheduleResponse> {
  const schedule = await change(context, request.scheduleId, true);
  return PauseScheduleResponse.create({ schedule });
}

export async function resumeSchedule(
  context: RpcContext,
  request: ResumeScheduleRequest,
): Promise<ResumeScheduleResponse> {
  const schedule = await change(context, request.scheduleId, false);
  return ResumeScheduleResponse.create({ schedule });
}

async function change(context: RpcContext, scheduleId: string, isPaused: boolean) {
  const row = isId(scheduleId) ? await setPaused(context.db, scheduleId, isPaused) : undefined;
  if (row === undefined) throw await scheduleNotFound(context, scheduleId);
  context.log.info({ schedule: scheduleId, paused: isPaused }, 'a schedule was paused or resumed');
  return scheduleMessage(context, row);
}
