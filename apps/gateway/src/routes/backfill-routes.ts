import {
  CancelBackfillRequest,
  GetBackfillRequest,
  ListBackfillsRequest,
  PauseBackfillRequest,
  ResumeBackfillRequest,
  StartBackfillRequest,
} from '@floe/rpc/contracts';
import { PAGE_FIELDS, inBody, inPath, inQuery, requiredInBody, unary } from './route.ts';
import type { Route } from './route.ts';
import { IDEMPOTENCY_KEY, withRequestId } from './run-routes.ts';

const BACKFILL_ID = inPath('backfill_id', { means: 'The id of the backfill.' });

export const BACKFILL_ROUTES: readonly Route[] = [
  unary({
    name: 'startBackfill',
    method: 'POST',
    path: '/api/v1/backfills',
    scope: 'runs:write',
    summary: 'Runs the slots of a schedule within a range of time.',
    fields: [
      requiredInBody('workflowName', { means: 'The workflow to run.' }),
      requiredInBody('fromTime', { type: 'timestamp', means: 'The first instant of the range.' }),
      requiredInBody('toTime', { type: 'timestamp', means: 'The first instant behind the range.' }),
      inBody('scheduleId', { means: 'Whose slots; may be left out where there is one schedule.' }),
      inBody('onlyMissing', {
        type: 'boolean',
        means: 'Leaves out slots that have a run that succeeded.',
      }),
      inBody('maxActive', { type: 'int32', means: 'Runs at once; 16 when absent, at most 100.' }),
      inBody('requestId', {
        means: 'Chosen by the caller: the same id again answers the first backfill.',
      }),
      IDEMPOTENCY_KEY,
    ],
    request: StartBackfillRequest,
    shape: withRequestId,
    call: (clients) => clients.scheduler.startBackfill,
  }),
  unary({
    name: 'listBackfills',
    method: 'GET',
    path: '/api/v1/backfills',
    scope: 'runs:read',
    summary: 'Lists backfills, newest first.',
    fields: [
      ...PAGE_FIELDS,
      inQuery('workflow_name', { means: 'Only backfills of this workflow.' }),
    ],
    request: ListBackfillsRequest,
    call: (clients) => clients.scheduler.listBackfills,
  }),
  unary({
    name: 'getBackfill',
    method: 'GET',
    path: '/api/v1/backfills/{backfill_id}',
    scope: 'runs:read',
    summary: 'A backfill with its progress.',
    fields: [BACKFILL_ID],
    request: GetBackfillRequest,
    call: (clients) => clients.scheduler.getBackfill,
  }),
  unary({
    name: 'pauseBackfill',
    method: 'POST',
    path: '/api/v1/backfills/{backfill_id}:pause',
    scope: 'runs:write',
    summary: 'Starts no new run until the backfill is resumed.',
    fields: [BACKFILL_ID],
    request: PauseBackfillRequest,
    call: (clients) => clients.scheduler.pauseBackfill,
  }),
  unary({
    name: 'resumeBackfill',
    method: 'POST',
    path: '/api/v1/backfills/{backfill_id}:resume',
    scope: 'runs:write',
    summary: 'Goes on with a paused backfill.',
    fields: [BACKFILL_ID],
    request: ResumeBackfillRequest,
    call: (clients) => clients.scheduler.resumeBackfill,
  }),
  unary({
    name: 'cancelBackfill',
    method: 'POST',
    path: '/api/v1/backfills/{backfill_id}:cancel',
    scope: 'runs:write',
    summary: 'Starts no more runs and cancels those that go on.',
    fields: [BACKFILL_ID],
    request: CancelBackfillRequest,
    call: (clients) => clients.scheduler.cancelBackfill,
  }),
];
