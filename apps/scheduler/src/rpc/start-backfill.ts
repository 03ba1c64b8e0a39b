import { createHash } from 'node:crypto';
import { FloeError, nearestName } from '@floe/errors';
import { StartBackfillResponse, type StartBackfillRequest } from '@floe/rpc/contracts';
import { slotsBetween, timetableOf, type Schedule } from '@floe/schedule';
import { BACKFILLS_OPEN_MAX } from '@floe/scheduling';
import { REQUEST_ID_LENGTH_MAX } from '../limits.ts';
import {
  BACKFILL_ACTIVE_DEFAULT,
  BACKFILL_ACTIVE_MAX,
  BACKFILL_SLOTS_MAX,
} from '../schedules/limits.ts';
import {
  countOpenBackfills,
  findBackfill,
  findBackfillByRequestId,
  insertBackfill,
  type BackfillProgress,
} from '../store/schedules/backfills.ts';
import { schedulesOf, type DefinedSchedule } from '../store/schedules/find-schedules.ts';
import { backfillMessage } from './backfill-message.ts';
import type { ScheduleRpcContext } from './schedule-context.ts';

type Range = { readonly from: Date; readonly to: Date };

/** Stores a backfill and answers; its runs begin with the next look at it. The same request id answers the same. */
export async function startBackfill(
  context: ScheduleRpcContext,
  request: StartBackfillRequest,
): Promise<StartBackfillResponse> {
  const range = readRange(request);
  const maxActive = readMaxActive(request.maxActive);
  refuseRequestId(request.requestId);
  const digest = digestOf(request, range, maxActive);
  const known = await findKnown(context, request.requestId, digest);
  if (known !== undefined) return answer(known, true);
  const schedule = await chooseSchedule(context, request);
  const total = countSlots(context, schedule.definition, range);
  await refuseAboveLimit(context);
  const backfillId = context.newId();
  const isStored = await insertBackfill(context.db, {
    backfill_id: backfillId,
    schedule_id: schedule.schedule_id,
    workflow_name: schedule.workflow_name,
    definition: schedule.definition,
    ...range,
    only_missing: request.onlyMissing,
    max_active: maxActive,
    total_slots: total,
    request_id: request.requestId === '' ? null : request.requestId,
    request_digest: digest,
  });
  // Another request with the same id was faster.
  const stored = isStored
    ? await findBackfill(context.db, backfillId)
    : await findKnown(context, request.requestId, digest);
  return answer(stored!, !isStored);
}

function readRange({ fromTime, toTime }: StartBackfillRequest): Range {
  if (fromTime === undefined || toTime === undefined) {
    throw invalid('from_time and to_time are needed: the range whose slots are run');
  }
  if (toTime <= fromTime) throw invalid('to_time is not after from_time');
  return { from: fromTime, to: toTime };
}

function readMaxActive(wanted: number): number {
  if (wanted >= 0 && wanted <= BACKFILL_ACTIVE_MAX) {
    return wanted === 0 ? BACKFILL_ACTIVE_DEFAULT : wanted;
  }
  throw invalid(`max_active is ${wanted}; it must be from 1 to ${BACKFILL_ACTIVE_MAX}`);
}

function refuseRequestId(requestId: string): void {
  if (requestId.length <= REQUEST_ID_LENGTH_MAX && !requestId.includes('\u0000')) return;
  throw invalid(`request_id has more than ${REQUEST_ID_LENGTH_MAX} characters or a NUL`);
}

async function chooseSchedule(
  context: ScheduleRpcContext,
  { workflowName, scheduleId }: StartBackfillRequest,
): Promise<DefinedSchedule> {
  const workflow = workflowName || (scheduleId.split('.')[0] ?? '');
  const schedules = await schedulesOf(context.db, workflow);
  const ids = schedules.map((schedule) => schedule.schedule_id);
  if (scheduleId !== '') {
    const found = schedules.find((schedule) => schedule.schedule_id === scheduleId);
    if (found !== undefined) return found;
    throw scheduleNotFound(scheduleId, ids);
  }
  const [only] = schedules;
  if (only === undefined) {
    throw new FloeError(
      'SCHEDULE_NOT_FOUND',
      `workflow ${JSON.stringify(workflow)} has no schedule`,
      {
        hint: 'A backfill runs the slots of a schedule: add one to the document, paused if need be.',
      },
    );
  }
  if (schedules.length === 1) return only;
  throw new FloeError(
    'ARGUMENT_INVALID',
    `workflow ${workflow} has ${schedules.length} schedules`,
    {
      hint: `Say which: ${ids.join(', ')}.`,
    },
  );
}

function scheduleNotFound(scheduleId: string, ids: readonly string[]): FloeError {
  const nearest = nearestName(scheduleId, ids);
  return new FloeError(
    'SCHEDULE_NOT_FOUND',
    `no schedule has the id ${JSON.stringify(scheduleId)}`,
    {
      hint:
        nearest === undefined ? 'List them with: floe schedules list' : `Did you mean ${nearest}?`,
    },
  );
}

function countSlots({ zones }: ScheduleRpcContext, schedule: Schedule, range: Range): number {
  const timetable = timetableOf(schedule, zones);
  const bounds = { from: range.from.getTime(), before: range.to.getTime() };
  let count = 0;
  if (timetable !== undefined) {
    for (const _ of slotsBetween(timetable, bounds)) {
      count += 1;
      if (count > BACKFILL_SLOTS_MAX) throw tooManySlots();
    }
  }
  if (count > 0) return count;
  throw invalid('the schedule has no slot in this range');
}

function tooManySlots(): FloeError {
  const most = BACKFILL_SLOTS_MAX.toLocaleString('en-US');
  return new FloeError('LIMIT_EXCEEDED', `the range holds more than ${most} slots`, {
    hint: 'Split it into several backfills.',
  });
}

async function refuseAboveLimit({ db }: ScheduleRpcContext): Promise<void> {
  const open = await countOpenBackfills(db);
  if (open < BACKFILLS_OPEN_MAX) return;
  throw new FloeError('LIMIT_EXCEEDED', `${open} backfills have not ended; no more may be open`, {
    hint: 'Try again when some have ended, or cancel one.',
  });
}

async function findKnown(
  { db }: ScheduleRpcContext,
  requestId: string,
  digest: string,
): Promise<BackfillProgress | undefined> {
  if (requestId === '') return undefined;
  const known = await findBackfillByRequestId(db, requestId);
  if (known === undefined || known.request_digest === digest) return known;
  throw new FloeError(
    'REQUEST_ID_REUSED',
    `request id ${requestId} started backfill ${known.backfill_id} with another request`,
    { details: { backfill_id: known.backfill_id }, hint: 'Use a new request id.' },
  );
}

function digestOf(request: StartBackfillRequest, range: Range, maxActive: number): string {
  const { workflowName, scheduleId, onlyMissing } = request;
  const asked = [workflowName, scheduleId, range.from, range.to, onlyMissing, maxActive];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

function invalid(message: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', message);
}

function answer(backfill: BackfillProgress, alreadyStarted: boolean): StartBackfillResponse {
  return StartBackfillResponse.create({ backfill: backfillMessage(backfill), alreadyStarted });
}
