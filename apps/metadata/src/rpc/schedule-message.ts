import { FloeError, nearestName } from '@floe/errors';
import { DstGap, DstOverlap, OverlapPolicy, type Schedule } from '@floe/rpc/contracts';
import {
  nextSlot,
  slotDelayMs,
  timetableOf,
  type Schedule as Definition,
  type SlotParameter,
} from '@floe/schedule';
import { NAMES_MAX, SCHEDULE_ID_LENGTH_MAX } from '../limits.ts';
import { findSchedule, scheduleIds, type ScheduleRow } from '../store/schedules.ts';
import type { RpcContext } from './context.ts';

const OVERLAP = {
  skip: OverlapPolicy.SKIP,
  queue: OverlapPolicy.QUEUE,
  cancel_previous: OverlapPolicy.CANCEL_PREVIOUS,
  allow: OverlapPolicy.ALLOW,
} as const;

const DST_GAP = { run_after: DstGap.RUN_AFTER, skip: DstGap.SKIP } as const;

const DST_OVERLAP = {
  first: DstOverlap.FIRST,
  last: DstOverlap.LAST,
  both: DstOverlap.BOTH,
} as const;

export function scheduleMessage({ zones }: RpcContext, row: ScheduleRow): Schedule {
  const schedule = row.definition as Definition;
  return {
    scheduleId: row.schedule_id,
    workflowName: row.workflow_name,
    name: row.name,
    description: schedule.description,
    cron: schedule.cron ?? '',
    intervalSeconds: seconds(schedule.everyMs ?? 0),
    timezone: schedule.timezone,
    overlap: OVERLAP[schedule.overlap],
    catchupSeconds: seconds(schedule.catchupMs),
    jitterSeconds: seconds(schedule.jitterMs),
    dstGap: schedule.dst === undefined ? DstGap.UNSPECIFIED : DST_GAP[schedule.dst.gap],
    dstOverlap:
      schedule.dst === undefined ? DstOverlap.UNSPECIFIED : DST_OVERLAP[schedule.dst.overlap],
    paused: row.is_paused,
    parameters: Object.fromEntries(
      Object.entries(schedule.parameters).map(([name, value]) => [name, parameterText(value)]),
    ),
    nextFireTime: row.is_paused ? undefined : nextFireTime(row, timetableOf(schedule, zones)),
    createTime: new Date(row.created_at),
    updateTime: new Date(row.changed_at),
  };
}

function nextFireTime(
  row: ScheduleRow,
  timetable: ReturnType<typeof timetableOf>,
): Date | undefined {
  const slot = timetable && nextSlot(timetable, Date.now());
  if (slot === undefined) return undefined;
  const { jitterMs } = row.definition as Definition;
  return new Date(slot + slotDelayMs(row.schedule_id, slot, jitterMs));
}

function parameterText(value: SlotParameter): string {
  return typeof value === 'string' ? value : `\${{ slot.${value.slot} }}`;
}

function seconds(ms: number): bigint {
  return BigInt(Math.round(ms / 1_000));
}

/** Throws SCHEDULE_NOT_FOUND. */
export async function requireSchedule(
  context: RpcContext,
  scheduleId: string,
): Promise<ScheduleRow> {
  const row = isId(scheduleId) ? await findSchedule(context.db, scheduleId) : undefined;
  if (row === undefined) throw await scheduleNotFound(context, scheduleId);
  return row;
}

/** A text that is no id is not asked for: PostgreSQL would fail on some, like those with a NUL. */
export function isId(text: string): boolean {
  return text.length <= SCHEDULE_ID_LENGTH_MAX && /^[a-z0-9_.-]+$/.test(text);
}

export async function scheduleNotFound(context: RpcContext, wanted: string): Promise<FloeError> {
  const nearest = nearestName(wanted, await scheduleIds(context.db, NAMES_MAX));
  return new FloeError('SCHEDULE_NOT_FOUND', `no schedule has the id ${JSON.stringify(wanted)}`, {
    details: { schedule_id: wanted.slice(0, SCHEDULE_ID_LENGTH_MAX) },
    hint:
      nearest === undefined
        ? 'The id of a schedule is WORKFLOW.NAME; list them with: floe schedules list'
        : `Did you mean ${nearest}?`,
  });
}
