import {
  GetScheduleRequest,
  ListScheduleSlotsRequest,
  ListSchedulesRequest,
  PauseScheduleRequest,
  PreviewScheduleRequest,
  ResumeScheduleRequest,
} from '@floe/rpc/contracts';
import { PAGE_FIELDS, inPath, inQuery, unary } from './route.ts';
import type { Route } from './route.ts';

const SCHEDULE_ID = inPath('schedule_id', {
  means: 'The workflow and the name of the schedule, like late-flights.daily.',
});

export const SCHEDULE_ROUTES: readonly Route[] = [
  unary({
    name: 'listSchedules',
    method: 'GET',
    path: '/api/v1/schedules',
    scope: 'workflows:read',
    summary: 'Lists schedules by id.',
    fields: [
      ...PAGE_FIELDS,
      inQuery('workflow_name', { means: 'Only schedules of this workflow.' }),
    ],
    request: ListSchedulesRequest,
    call: (clients) => clients.metadata.listSchedules,
  }),
  unary({
    name: 'getSchedule',
    method: 'GET',
    path: '/api/v1/schedules/{schedule_id}',
    scope: 'workflows:read',
    summary: 'A schedule.',
    fields: [SCHEDULE_ID],
    request: GetScheduleRequest,
    call: (clients) => clients.metadata.getSchedule,
  }),
  unary({
    name: 'previewSchedule',
    method: 'GET',
    path: '/api/v1/schedules/{schedule_id}/preview',
    scope: 'workflows:read',
    summary: 'When a schedule is due next, by its timetable.',
    fields: [
      SCHEDULE_ID,
      inQuery('from_time', { type: 'timestamp', means: 'Where to begin; now when absent.' }),
      inQuery('count', { type: 'int32', means: 'How many; 10 when absent, at most 1000.' }),
    ],
    request: PreviewScheduleRequest,
    call: (clients) => clients.metadata.previewSchedule,
  }),
  unary({
    name: 'listScheduleSlots',
    method: 'GET',
    path: '/api/v1/schedules/{schedule_id}/slots',
    scope: 'runs:read',
    summary: 'What became of the slots of a schedule, newest first.',
    fields: [SCHEDULE_ID, ...PAGE_FIELDS],
    request: ListScheduleSlotsRequest,
    call: (clients) => clients.scheduler.listScheduleSlots,
  }),
  unary({
    name: 'pauseSchedule',
    method: 'POST',
    path: '/api/v1/schedules/{schedule_id}:pause',
    scope: 'workflows:write',
    summary: 'No slot fires until the schedule is resumed.',
    fields: [SCHEDULE_ID],
    request: PauseScheduleRequest,
    call: (clients) => clients.metadata.pauseSchedule,
  }),
  unary({
    name: 'resumeSchedule',
    method: 'POST',
    path: '/api/v1/schedules/{schedule_id}:resume',
    scope: 'workflows:write',
    summary: 'Goes on with a paused schedule; slots of the pause are not made up for.',
    fields: [SCHEDULE_ID],
    request: ResumeScheduleRequest,
    call: (clients) => clients.metadata.resumeSchedule,
  }),
];
