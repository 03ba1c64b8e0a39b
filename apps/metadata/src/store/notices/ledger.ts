/** The ledger of notices: each rule, event and run once. */
import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { NoticeEvent, NoticeFacts, NoticeRule } from '@floe/notification';

type Db = ControlDatabase['db'];

export type NewNotice = {
  readonly scope: string;
  readonly event: NoticeEvent;
  readonly about: string;
  readonly workflowName: string;
  readonly runId: string | undefined;
  readonly destination: string;
  readonly rule: NoticeRule;
  readonly facts: NoticeFacts;
};

/** Stores what is not there yet. Answers how many were. */
export async function insertNotices(db: Db, notices: readonly NewNotice[]): Promise<number> {
  if (notices.length === 0) return 0;
  const rows = notices.map(({ workflowName, runId, ...rest }) => ({
    ...rest,
    workflow_name: workflowName,
    run_id: runId ?? null,
    rule_name: rest.rule.name,
  }));
  const { rows: stored } = await sql<{ stored: number }>`/* metadata.insert_notices */
    with wish as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(scope text, rule_name text, event text,
        about text, workflow_name text, run_id uuid, destination text, rule jsonb, facts jsonb)
    ), place as (
      insert into notice_destination (destination) select distinct destination from wish order by destination
      on conflict do nothing
    ), stored as (
      insert into notice (scope, rule_name, event, about, workflow_name, run_id, destination, rule, facts)
      select scope, rule_name, event, about, workflow_name, run_id, destination, rule, facts from wish
      on conflict on constraint notice_about_key do nothing
      returning 1
    )
    select count(*) as stored from stored`.execute(db);
  return stored[0]!.stored;
}

/** Forgets what is older than so many days, and destinations that nobody writes to. */
export async function forgetNotices(db: Db, keepDays: number, limit: number): Promise<void> {
  await sql`/* metadata.forget_notices */
    delete from notice where notice_id in (
      select notice_id from notice
      where created_at < clock_timestamp() - make_interval(days => ${keepDays}) and state <> 'pending'
      order by created_at limit ${limit})`.execute(db);
  await sql`/* metadata.forget_destinations */
    delete from notice_destination d
    where claimed_until < clock_timestamp() - interval '1 day'
      and not exists (select from notice n where n.destination = d.destination)`.execute(db);
}
