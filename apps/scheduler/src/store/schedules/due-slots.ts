import { sql, type Transaction } from 'kysely';
import type { FloeTables } from '@floe/database';
import {
  CATCH_UPS_PER_SECOND,
  type AdvancedSchedule,
  type DueSchedule,
  type NewSlot,
} from '@floe/scheduling';
import { isoOf } from './instants.ts';

type Tx = Transaction<FloeTables>;

/**
 * Locks active schedules that are due for a look, the most overdue first, except those that another scheduler looks at.
 * One whose definition has changed is left alone until the new one is followed: a pause takes effect at once.
 */
export async function lockDueSchedules(
  tx: Tx,
  limit: number,
): Promise<{ schedules: DueSchedule[]; now: number }> {
  const due = await sql<DueSchedule>`
    /* scheduler.lock_due_schedules */
    select s.schedule_id as "scheduleId", s.definition, s.cursor_at as "cursorAt",
      coalesce(extract(epoch from nullif(s.last_start_at, '-infinity')) * 1000, 0)::bigint as "lastStartAt"
    from schedule_state s join schedule d on d.schedule_id = s.schedule_id and d.revision = s.revision
    where s.look_at <= clock_timestamp() and s.is_active
    order by s.look_at limit ${limit}
    for update of s skip locked`.execute(tx);
  const clock = await sql<{ now: number }>`select clock_timestamp() as now`.execute(tx);
  return { schedules: due.rows, now: clock.rows[0]!.now };
}

/** How far ahead of now turns have been given out, in milliseconds. */
export async function paceAheadMs(tx: Tx): Promise<number> {
  const pace = await sql<{ ahead: number }>`
    /* scheduler.pace_ahead */
    select greatest(0, extract(epoch from nullif(next_at, '-infinity') - clock_timestamp()) * 1000)::float8 as ahead
    from schedule_pace`.execute(tx);
  return pace.rows[0]?.ahead ?? 0;
}

/** Takes this many turns; gives the first, as milliseconds since 1970. The row is locked until the transaction ends. */
export async function takeTurns(tx: Tx, count: number): Promise<number> {
  const seconds = count / CATCH_UPS_PER_SECOND;
  const taken = await sql<{ first: number }>`
    /* scheduler.take_turns */
    update schedule_pace set next_at = greatest(next_at, clock_timestamp()) + make_interval(secs => ${seconds})
    returning next_at - make_interval(secs => ${seconds}) as first`.execute(tx);
  return taken.rows[0]!.first;
}

/** Adds slots to the ledger. A slot that is there already stays as it is. */
export async function insertSlots(
  tx: Tx,
  slots: readonly NewSlot[],
  tzdataVersion: string,
): Promise<void> {
  if (slots.length === 0) return;
  const rows = slots.map(({ scheduleId, slot, state, dueAt, startAt, reason }) => ({
    schedule_id: scheduleId,
    slot_at: isoOf(slot),
    state,
    due_at: isoOf(dueAt),
    start_at: isoOf(startAt),
    reason,
  }));
  await sql`
    /* scheduler.insert_slots */
    insert into schedule_slot (schedule_id, slot_at, state, due_at, start_at, reason, tzdata_version, decided_at)
    select schedule_id, slot_at, state, due_at, start_at, reason, ${tzdataVersion},
      case when state = 'missed' then clock_timestamp() end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(
      schedule_id text, slot_at timestamptz, state text, due_at timestamptz, start_at timestamptz, reason text)
    on conflict (schedule_id, slot_at) do nothing`.execute(tx);
}

export async function advanceSchedules(
  tx: Tx,
  advanced: readonly AdvancedSchedule[],
): Promise<void> {
  const rows = advanced.map(({ scheduleId, cursorAt, lookAt, lastStartAt }) => ({
    schedule_id: scheduleId,
    cursor_at: isoOf(cursorAt),
    look_at: isoOf(lookAt),
    last_start_at: isoOf(lastStartAt),
  }));
  await sql`
    /* scheduler.advance_schedules */
    update schedule_state s set
      cursor_at = x.cursor_at, look_at = x.look_at, last_start_at = greatest(s.last_start_at, x.last_start_at)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(
      schedule_id text, cursor_at timestamptz, look_at timestamptz, last_start_at timestamptz)
    where s.schedule_id = x.schedule_id`.execute(tx);
}
