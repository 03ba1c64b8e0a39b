import { answer, part, pick } from './answers.ts';
import type { Transport } from './http-transport.ts';
import type { Backfill, Schedule, ScheduleClient } from './schedule-types.ts';

const SCHEDULES = '/api/v1/schedules';
const BACKFILLS = '/api/v1/backfills';

export function scheduleMethods(transport: Transport): ScheduleClient {
  const schedule = (id: string) => `${SCHEDULES}/${encodeURIComponent(id)}`;
  const backfill = (id: string) => `${BACKFILLS}/${encodeURIComponent(id)}`;
  const steer = async <Part>(path: string, name: string): Promise<Part> =>
    part(await transport.call('POST', path, { body: {} }), name);
  return {
    listSchedules: (options) =>
      answer(transport, 'GET', SCHEDULES, { query: { ...options }, holds: 'schedules' }),
    getSchedule: (id) => pick(transport, schedule(id), 'schedule'),
    previewSchedule: (id, options) =>
      answer(transport, 'GET', `${schedule(id)}/preview`, {
        query: { ...options },
        holds: 'slotTimes',
      }),
    listScheduleSlots: (id, options) =>
      answer(transport, 'GET', `${schedule(id)}/slots`, { query: { ...options }, holds: 'slots' }),
    pauseSchedule: (id) => steer<Schedule>(`${schedule(id)}:pause`, 'schedule'),
    resumeSchedule: (id) => steer<Schedule>(`${schedule(id)}:resume`, 'schedule'),

    startBackfill: ({ requestId = crypto.randomUUID(), ...body }) =>
      answer(transport, 'POST', BACKFILLS, { body: { ...body, requestId }, holds: 'backfill' }),
    listBackfills: (options) =>
      answer(transport, 'GET', BACKFILLS, { query: { ...options }, holds: 'backfills' }),
    getBackfill: (id) => pick(transport, backfill(id), 'backfill'),
    pauseBackfill: (id) => steer<Backfill>(`${backfill(id)}:pause`, 'backfill'),
    resumeBackfill: (id) => steer<Backfill>(`${backfill(id)}:resume`, 'backfill'),
    cancelBackfill: (id) => steer<Backfill>(`${backfill(id)}:cancel`, 'backfill'),
  };
}
