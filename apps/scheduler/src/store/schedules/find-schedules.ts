import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { Schedule } from '@floe/schedule';

type Db = ControlDatabase['db'];

export type DefinedSchedule = {
  readonly schedule_id: string;
  readonly workflow_name: string;
  readonly definition: Schedule;
};

/** The schedules of a workflow, paused or not. A document has at most 100. */
export async function schedulesOf(db: Db, workflowName: string): Promise<DefinedSchedule[]> {
  if (workflowName.includes('\u0000')) return [];
  const found = await sql<DefinedSchedule>`
    /* scheduler.schedules_of_workflow */
    select schedule_id, workflow_name, definition from schedule
    where workflow_name = ${workflowName} and not is_deleted order by schedule_id limit 100`.execute(
    db,
  );
  return found.rows;
}

export type LedgerSlot = {
  readonly schedule_id: string;
  readonly slot_at: number;
  readonly due_at: number;
  readonly state: 'pending' | 'fired' | 'skipped' | 'missed';
  readonly reason: string;
  readonly run_id: string | null;
  readonly decided_at: number | null;
  readonly tzdata_version: string;
};

/** Slots of a schedule, newest first, before one instant. */
export async function listSlots(
  db: Db,
  scheduleId: string,
  page: { readonly before: Date; readonly limit: number },
): Promise<LedgerSlot[]> {
  const found = await sql<LedgerSlot>`
    /* scheduler.list_slots */
    select schedule_id, slot_at, due_at, state, reason, run_id, decided_at, tzdata_version from schedule_slot
    where schedule_id = ${scheduleId} and slot_at < ${page.before}
    order by slot_at desc limit ${page.limit}`.execute(db);
  return found.rows;
}

/** True for a schedule that metadata knows, or knew. */
export async function isSchedule(db: Db, scheduleId: string): Promise<boolean> {
  const found = await sql`
    /* scheduler.is_schedule */
    select from schedule where schedule_id = ${scheduleId}`.execute(db);
  return found.rows.length > 0;
}
