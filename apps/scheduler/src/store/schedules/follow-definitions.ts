import { sql, type Transaction } from 'kysely';
import type { FloeTables } from '@floe/database';
import type { ChangedSchedule, FollowedDefinition } from '@floe/scheduling';
import { isoOf } from './instants.ts';

type Tx = Transaction<FloeTables>;

/** Locks schedules whose definition changed, except those that another scheduler sees to at this moment. */
export async function lockChangedSchedules(tx: Tx, limit: number): Promise<ChangedSchedule[]> {
  await sql`
    /* scheduler.meet_schedules */
    insert into schedule_state (schedule_id, workflow_name, revision, definition, is_active, cursor_at)
    select d.schedule_id, d.workflow_name, 0, d.definition, false, d.changed_at
    from schedule d
    where not exists (select from schedule_state s where s.schedule_id = d.schedule_id)
    order by d.schedule_id limit ${limit}
    on conflict do nothing`.execute(tx);
  const changed = await sql<ChangedSchedule>`
    /* scheduler.lock_changed_schedules */
    select s.schedule_id as "scheduleId", d.revision, d.definition,
      not d.is_paused and not d.is_deleted as "isActive", d.changed_at as "changedAt",
      s.definition as "followedDefinition", s.is_active as "wasActive", s.cursor_at as "cursorAt"
    from schedule d join schedule_state s on s.schedule_id = d.schedule_id
    where s.revision <> d.revision
    order by s.schedule_id limit ${limit}
    for update of s skip locked`.execute(tx);
  return changed.rows;
}

/** Follows the new definitions. The slots that wait of a schedule that is paused or gone begin no more. */
export async function writeFollowed(
  tx: Tx,
  followed: readonly FollowedDefinition[],
): Promise<void> {
  const rows = followed.map(({ scheduleId, revision, definition, isActive, cursorAt, lookAt }) => ({
    schedule_id: scheduleId,
    revision,
    definition,
    is_active: isActive,
    cursor_at: isoOf(cursorAt),
    look_at: isoOf(lookAt),
  }));
  await sql`
    /* scheduler.follow_schedules */
    update schedule_state s set
      revision = x.revision, definition = x.definition, is_active = x.is_active, cursor_at = x.cursor_at,
      look_at = x.look_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(
      schedule_id text, revision bigint, definition jsonb, is_active boolean, cursor_at timestamptz, look_at timestamptz)
    where s.schedule_id = x.schedule_id`.execute(tx);
  const inactive = rows.filter((row) => !row.is_active).map((row) => row.schedule_id);
  if (inactive.length === 0) return;
  await sql`
    /* scheduler.skip_slots_of_paused */
    update schedule_slot set state = 'skipped', reason = 'the schedule was paused or removed before it could begin',
      decided_at = clock_timestamp()
    where schedule_id = any(${inactive}::text[]) and state = 'pending'`.execute(tx);
}
