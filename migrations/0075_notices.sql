-- Owned by metadata: who is told what. A row for each workflow that has rules; `*` holds those of the installation.
create table floe.notice_rules (
  workflow_name text primary key,
  rules jsonb not null,
  -- What was due before is nobody's business.
  changed_at timestamptz not null default clock_timestamp()
);

-- Owned by the scheduler: runs that ended and of which somebody is told. The transaction that ends a run writes its row, so
-- no end is ever lost; kept for a week.
create table floe.run_end (
  run_end_id bigint generated always as identity primary key,
  run_id uuid not null,
  workflow_name text not null,
  state text not null,
  recorded_at timestamptz not null default clock_timestamp()
);

create index run_end_recorded_at_idx on floe.run_end using brin (recorded_at);

grant select, insert, delete on floe.run_end to floe_scheduler;
grant select on floe.run_end, floe.run to floe_metadata;
grant select, insert, update, delete on floe.notice_rules to floe_metadata;
grant select on floe.notice_rules to floe_scheduler, floe_reporting;

create function floe.record_run_end() returns trigger
language plpgsql as $$
begin
  insert into floe.run_end (run_id, workflow_name, state)
  select new.run_id, new.workflow_name, new.state
  where exists (select from floe.notice_rules where workflow_name in (new.workflow_name, '*'));
  return null;
end
$$;

create trigger run_end_is_recorded
after update of state on floe.run
for each row
when (new.state in ('succeeded', 'failed', 'cancelled', 'timed_out') and old.state is distinct from new.state)
execute function floe.record_run_end();

create trigger run_that_begins_ended_is_recorded
after insert on floe.run
for each row
when (new.state in ('succeeded', 'failed', 'cancelled', 'timed_out'))
execute function floe.record_run_end();

-- Owned by metadata. The ledger: what is told, once for each rule, event and run. Kept for 90 days.
create table floe.notice (
  notice_id uuid primary key default gen_random_uuid(),
  -- The workflow of the rule, or `*`.
  scope text not null,
  rule_name text not null,
  event text not null,
  -- The run, or the slot of a schedule that nothing started.
  about text not null,
  workflow_name text not null,
  run_id uuid,
  -- Who gets it: messages to one destination go out one after the other.
  destination text not null,
  rule jsonb not null,
  facts jsonb not null,
  state text not null default 'pending',
  -- The message that it is a part of, from the first try on.
  message_id uuid,
  attempt_count integer not null default 0,
  problem text not null default '',
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint notice_about_key unique (scope, rule_name, event, about),
  constraint notice_state_check check (state in ('pending', 'sent', 'failed'))
);

create index notice_pending_idx on floe.notice (destination, created_at, notice_id) where state = 'pending';
create index notice_created_at_idx on floe.notice (created_at);
create index notice_workflow_name_idx on floe.notice (workflow_name, created_at);

-- How a destination is treated, and who sends to it now.
create table floe.notice_destination (
  destination text primary key,
  claim uuid,
  claimed_until timestamptz not null default '-infinity',
  next_at timestamptz not null default '-infinity',
  failure_count integer not null default 0,
  window_from timestamptz not null default '1970-01-01',
  window_count integer not null default 0,
  summed_at timestamptz not null default '1970-01-01'
);

-- How far the ends of runs were looked at. Its row is the lock of whoever looks.
create table floe.notice_cursor (
  is_only boolean primary key default true check (is_only),
  run_end_id bigint not null default 0
);
insert into floe.notice_cursor default values;

-- Numbers below the cursor whose transactions had not committed when it passed them. They come within seconds, or never.
create table floe.notice_gap (
  run_end_id bigint primary key,
  noted_at timestamptz not null default clock_timestamp()
);

grant select, insert, update, delete on floe.notice, floe.notice_destination, floe.notice_gap to floe_metadata;
grant select, update on floe.notice_cursor to floe_metadata;
grant select on floe.notice to floe_reporting;
