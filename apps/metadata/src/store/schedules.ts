import { sql, type Selectable, type Transaction } from 'kysely';
import type { ControlDatabase, FloeTables, ScheduleTable } from '@floe/database';
import type { Schedule } from '@floe/schedule';

type Db = ControlDatabase['db'];
export type ScheduleRow = Selectable<ScheduleTable>;

/**
 * Makes these the schedules of a workflow. The caller holds the workflow's row, so that two documents come one after the
 * other. What people paused stays paused, unless the document says something new about it; a schedule that comes back
 * begins as its document says.
 */
export async function putSchedules(
  tx: Transaction<FloeTables>,
  workflowName: string,
  schedules: readonly Schedule[],
): Promise<void> {
  const names = schedules.map(({ name }) => name);
  await sql`
    /* metadata.remove_schedules */
    update schedule set is_deleted = true, revision = revision + 1, changed_at = clock_timestamp()
    where workflow_name = ${workflowName} and not is_deleted and name <> all(${names}::text[])`.execute(
    tx,
  );
  if (schedules.length === 0) return;
  await sql`
    /* metadata.put_schedules */
    insert into schedule as old (schedule_id, workflow_name, name, definition, is_paused)
    select ${workflowName} || '.' || (x.definition ->> 'name'), ${workflowName}, x.definition ->> 'name', x.definition,
      (x.definition ->> 'paused')::boolean
    from jsonb_array_elements(${JSON.stringify(schedules)}::jsonb) as x(definition)
    on conflict (schedule_id) do update set
      definition = excluded.definition,
      is_paused = case
        when old.is_deleted or old.definition -> 'paused' <> excluded.definition -> 'paused' then excluded.is_paused
        else old.is_paused
      end,
      is_deleted = false, revision = old.revision + 1, changed_at = clock_timestamp()
    where old.is_deleted or old.definition <> excluded.definition`.execute(tx);
}

/** Schedules in the order of their ids, after one id. */
export function listSchedules(
  db: Db,
  page: { after: string; limit: number; workflowName: string },
): Promise<ScheduleRow[]> {
  const query = db
    .selectFrom('schedule')
    .selectAll()
    .where('is_deleted', '=', false)
    .where('schedule_id', '>', page.after);
  const wanted =
    page.workflowName === '' ? query : query.where('workflow_name', '=', page.workflowName);
  return wanted.orderBy('schedule_id').limit(page.limit).execute();
}

export function findSchedule(db: Db, scheduleId: string): Promise<ScheduleRow | undefined> {
  return db
    .selectFrom('schedule')
    .selectAll()
    .where('schedule_id', '=', scheduleId)
    .where('is_deleted', '=', false)
    .executeTakeFirst();
}

/** Pauses or resumes; what is so already is left as it is. Undefined when there is no such schedule. */
export async function setPaused(
  db: Db,
  scheduleId: string,
  isPaused: boolean,
): Promise<ScheduleRow | undefined> {
  await sql`
    /* metadata.set_schedule_paused */
    update schedule set is_paused = ${isPaused}, revision = revision + 1, changed_at = clock_timestamp()
    where schedule_id = ${scheduleId} and not is_deleted and is_paused <> ${isPaused}`.execute(db);
  return findSchedule(db, scheduleId);
}

/** Ids that are looked through for "did you mean". */
export async function scheduleIds(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('schedule')
    .select('schedule_id')
    .where('is_deleted', '=', false)
    .orderBy('changed_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.schedule_id);
}
