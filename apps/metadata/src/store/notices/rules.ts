import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { NoticeRule } from '@floe/notification';

type Db = ControlDatabase['db'];

/** Stands for the rules of the installation; no workflow can have this name. */
export const EVERY_WORKFLOW = '*';

/** Makes these the rules of a workflow, or of all. When they are what they were, nothing is written. */
export async function putRules(db: Db, scope: string, rules: readonly NoticeRule[]): Promise<void> {
  if (rules.length === 0) {
    await sql`/* metadata.remove_notice_rules */
      delete from notice_rules where workflow_name = ${scope}`.execute(db);
    return;
  }
  await sql`/* metadata.put_notice_rules */
    insert into notice_rules as old (workflow_name, rules) values (${scope}, ${JSON.stringify(rules)}::jsonb)
    on conflict (workflow_name) do update set rules = excluded.rules, changed_at = clock_timestamp()
    where old.rules <> excluded.rules`.execute(db);
}

export type ScopedRules = { readonly scope: string; readonly rules: readonly NoticeRule[] };

/** The same for many workflows, in two statements for all. */
export async function putRulesOfMany(db: Db, all: readonly ScopedRules[]): Promise<void> {
  const without = all.filter(({ rules }) => rules.length === 0).map(({ scope }) => scope);
  if (without.length > 0) {
    await sql`/* metadata.remove_many_notice_rules */
      delete from notice_rules where workflow_name = any(${without}::text[])`.execute(db);
  }
  const some = all.filter(({ rules }) => rules.length > 0);
  if (some.length === 0) return;
  await sql`/* metadata.put_many_notice_rules */
    insert into notice_rules as old (workflow_name, rules)
    select scope, rules from jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as n (scope text, rules jsonb)
    on conflict (workflow_name) do update set rules = excluded.rules, changed_at = clock_timestamp()
    where old.rules <> excluded.rules`.execute(db);
}

type Row = { readonly scope: string; readonly rules: readonly NoticeRule[] };

/** The rules of these workflows and those of all, by workflow. */
export async function readRules(
  db: Db,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly NoticeRule[]>> {
  const { rows } = await sql<Row>`/* metadata.read_notice_rules */
    select workflow_name as scope, rules from notice_rules
    where workflow_name = any(${[...names, EVERY_WORKFLOW]}::text[])`.execute(db);
  return new Map(rows.map(({ scope, rules }) => [scope, rules]));
}
