import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';

type Db = ControlDatabase['db'];

/** What should have ended by now: a run that goes on, or a slot without a run. */
export type LateRow = {
  readonly workflow_name: string;
  /** The same each time that it is found. */
  readonly about: string;
  readonly due_at: number;
  readonly run_id: string | null;
};

export type LateQuery = {
  /** A workflow, or `*`. */
  readonly scope: string;
  readonly lateAfterMs: number;
  readonly limit: number;
};

/**
 * What is late by a rule. A slot that fired is late as its run is. One that was passed over because the run before it
 * still goes on is not late: that run is. What was due before the rule came is left alone, and so is what was due more
 * than a day before it would have become late.
 */
export async function findLate(db: Db, query: LateQuery): Promise<readonly LateRow[]> {
  const { scope, lateAfterMs, limit } = query;
  const { rows } = await sql<LateRow>`/* metadata.find_late */
    with rule as (
      select changed_at as since, clock_timestamp() - make_interval(secs => ${lateAfterMs / 1_000}) as due_before
      from notice_rules where workflow_name = ${scope}
    ), late as (
      select r.workflow_name, 'run:' || r.run_id as about, r.created_at as due_at, r.run_id
      from rule, run r
      where r.wake_at is not null and r.trigger <> 'schedule' and r.created_at <= due_before
        and r.created_at >= since and ${scope} in (r.workflow_name, '*')
      union all
      select s.workflow_name, 'slot:' || schedule_id || ':' || extract(epoch from slot_at), slot_at, l.run_id
      from rule, schedule s
      join schedule_slot l using (schedule_id)
      where not s.is_deleted and ${scope} in (s.workflow_name, '*') and l.slot_at <= due_before
        and l.slot_at >= greatest(since, due_before - interval '1 day')
        and (l.state in ('pending', 'missed')
          or (l.is_open and exists (select from run r where r.run_id = l.run_id and r.ended_at is null)))
      union all
      select s.workflow_name, 'slot:' || schedule_id || ':' || extract(epoch from f.look_at), f.look_at, null
      from rule, schedule s
      join schedule_state f using (schedule_id)
      where not s.is_deleted and not s.is_paused and ${scope} in (s.workflow_name, '*') and f.is_active and f.look_at <= due_before
        and f.look_at >= since
    )
    select * from late order by due_at limit ${limit}`.execute(db);
  return rows;
}

/** Scopes with a rule about lateness, and the rule's position there. */
export async function findLateRules(
  db: Db,
): Promise<readonly { readonly scope: string; readonly position: number }[]> {
  const { rows } = await sql<{ scope: string; position: number }>`/* metadata.find_late_rules */
    select workflow_name as scope, (position - 1)::integer as position
    from notice_rules, jsonb_array_elements(rules) with ordinality as x(rule, position)
    where rule -> 'on' ? 'late'`.execute(db);
  return rows;
}
