import type { TargetSession } from '@floe/database';

/** What the control database says of itself and of the work in it. Ages are in milliseconds, null where there is nothing. */
export type ControlFacts = {
  readonly unsafe_settings: readonly string[];
  readonly wrong_settings: readonly string[];
  readonly is_read_only: boolean;
  readonly connections_used: number;
  readonly connections_max: number;
  readonly roles_missing: readonly string[];
  readonly grants_missing: readonly string[];
  readonly grants_too_many: readonly string[];
  readonly outbox_rows: number;
  readonly outbox_age: number | null;
  readonly run_overdue: number | null;
  readonly ready_age: number | null;
  readonly ready_pool: string | null;
  readonly ready_pool_executors: number;
  readonly lease_overdue: number | null;
  readonly schedule_overdue: number | null;
  readonly history_ahead: number | null;
  readonly notices_waiting: number;
  readonly notice_age: number | null;
  readonly notices_failed: number;
  /** By how much the clock of an executor is ahead of the database's; negative: behind. */
  readonly executor_skew: number | null;
  readonly executor_skew_of: string | null;
};

const age = (instant: string) =>
  `extract(epoch from clock_timestamp() - ${instant})::float8 * 1000`;

// What each role must be able to do: a sample of its own tables. What it must not: write those of another.
const GRANTS = `(values
  ('floe_scheduler', 'run', 'insert', true), ('floe_scheduler', 'outbox', 'delete', true),
  ('floe_metadata', 'workflow', 'insert', true), ('floe_metadata', 'notice', 'update', true),
  ('floe_reporting', 'run', 'select', true), ('floe_gateway', 'api_token', 'insert', true),
  ('floe_reporting', 'run', 'insert', false), ('floe_metadata', 'run', 'update', false),
  ('floe_scheduler', 'workflow', 'insert', false), ('floe_gateway', 'run', 'insert', false))`;

// Each part is one look along an index, or into a table that is small while Floe is well.
const READ_CONTROL = `
  with ready as (
    (select ready_at, pool from floe.task_run where rank_at is not null and labels is null
      order by pool, lane, rank_at limit 1000)
    union all
    (select ready_at, pool from floe.task_run where rank_at is not null and labels is not null
      order by pool, lane, rank_at limit 1000)
  ), oldest as (
    select * from ready order by ready_at limit 1
  ), wanted as (
    select role, name, deed, allowed,
      to_regrole(role) is not null and has_table_privilege(role, 'floe.' || name, deed) as can
    from ${GRANTS} x(role, name, deed, allowed) where to_regrole(role) is not null
  ), began as (
    select executor_id, began_at, claimed_at, ended_at from floe.attempt
    where began_at is not null and executor_id is not null and claimed_at is not null
    order by run_id desc limit 500
  ), skew as (
    select executor_id, case
      when began_at < claimed_at then -${'extract(epoch from claimed_at - began_at)::float8 * 1000'}
      when began_at > ended_at then extract(epoch from began_at - ended_at)::float8 * 1000
      else 0 end as ms
    from began order by 2 desc
  ), worst as (
    select * from skew order by abs(ms) desc limit 1
  )
  select
    array(
      select name || ' = off' from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') and reset_val = 'off'
      union all
      select setting || ' for ' || rolname from pg_db_role_setting join pg_roles r on r.oid = setrole, unnest(setconfig) setting
      where rolname like 'floe\\_%' and setting = 'synchronous_commit=off' and setdatabase in (0, (
        select oid from pg_database where datname = current_database()))
    ) as unsafe_settings,
    array(
      select 'server_encoding = ' || setting from pg_settings where name = 'server_encoding' and setting <> 'UTF8'
      union all
      select name || ' = off' from pg_settings where name in ('autovacuum', 'track_counts') and reset_val = 'off'
    ) as wrong_settings,
    (select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only') or pg_is_in_recovery() as is_read_only,
    (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections_used,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as connections_max,
    array(select role from unnest(array['floe_metadata', 'floe_scheduler', 'floe_reporting', 'floe_gateway']) role
      where to_regrole(role) is null or not pg_has_role(current_user, role, 'member')) as roles_missing,
    array(select role || ' cannot ' || deed || ' ' || name from wanted where allowed and not can) as grants_missing,
    array(select role || ' can ' || deed || ' ' || name from wanted where can and not allowed) as grants_too_many,
    (select count(*)::int from (select from floe.outbox limit 100000) x) as outbox_rows,
    (select ${age('min(created_at)')} from floe.outbox) as outbox_age,
    (select ${age('min(wake_at)')} from floe.run where wake_at is not null) as run_overdue,
    (select ${age('ready_at')} from oldest) as ready_age,
    (select pool from oldest) as ready_pool,
    (select count(*)::int from floe.executor e join oldest using (pool) where e.state = 'active') as ready_pool_executors,
    (select ${age('min(lease_until)')} from floe.attempt where state = 'running') as lease_overdue,
    (select ${age('min(look_at)')} from floe.schedule_state where look_at is not null and is_active) as schedule_overdue,
    (select extract(epoch from max(to_at) - clock_timestamp())::float8 * 1000 from floe.history_partition) as history_ahead,
    (select count(*)::int from floe.notice where state = 'pending') as notices_waiting,
    (select ${age('min(created_at)')} from floe.notice where state = 'pending') as notice_age,
    (select count(*)::int from floe.notice where state = 'failed' and created_at > clock_timestamp() - interval '1 day')
      as notices_failed,
    (select ms from worst) as executor_skew, (select executor_id from worst) as executor_skew_of`;

export async function readControl(session: TargetSession): Promise<ControlFacts> {
  const [facts] = await session.query<ControlFacts>(READ_CONTROL);
  return facts!;
}
