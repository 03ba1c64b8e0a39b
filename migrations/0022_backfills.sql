-- Owned by the scheduler. A backfill is one row however long its range is; its slots are worked out a few at a time.
create table floe.backfill (
  backfill_id uuid primary key,
  schedule_id text not null,
  workflow_name text not null,
  -- The schedule as it was when the backfill began.
  definition jsonb not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  only_missing boolean not null,
  max_active integer not null,
  state text not null,
  -- Slots before this have a row.
  cursor_at timestamptz not null,
  total_slots integer not null,
  present_slots integer not null default 0,
  succeeded_slots integer not null default 0,
  failed_slots integer not null default 0,
  cancelled_slots integer not null default 0,
  request_id text,
  request_digest text not null,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint backfill_state_check check (state in
    ('running', 'paused', 'cancelling', 'succeeded', 'failed', 'cancelled')),
  constraint backfill_ended_at_check check
    ((state in ('succeeded', 'failed', 'cancelled')) = (ended_at is not null))
);

create unique index backfill_request_id_key on floe.backfill (request_id) where request_id is not null;
create index backfill_open_idx on floe.backfill (created_at) where ended_at is null;
create index backfill_workflow_name_idx on floe.backfill (workflow_name, created_at desc);

-- The slots that a backfill has come to. `present`: left out, because it had a run that succeeded.
create table floe.backfill_slot (
  backfill_id uuid not null references floe.backfill (backfill_id) on delete cascade,
  slot_at timestamptz not null,
  schedule_id text not null,
  state text not null,
  -- Only a run of this request id can take the slot; another scheduler gives it another one when it was long ago.
  request_id text,
  requested_at timestamptz,
  run_id uuid,
  reason text not null default '',
  primary key (backfill_id, slot_at),
  constraint backfill_slot_state_check check (state in
    ('pending', 'started', 'succeeded', 'failed', 'cancelled', 'present'))
);

create index backfill_slot_open_idx on floe.backfill_slot (backfill_id) where state in ('pending', 'started');
-- For `only_missing`: which slots of a schedule have a good run.
create index backfill_slot_succeeded_idx on floe.backfill_slot (schedule_id, slot_at) where state = 'succeeded';
create unique index backfill_slot_request_id_key on floe.backfill_slot (request_id) where request_id is not null;

-- As with the slots of schedules: the run of a slot is stored in the transaction that takes the slot, or not at all.
create function floe.take_backfill_slot() returns trigger
language plpgsql as $$
begin
  update floe.backfill_slot set state = 'started', run_id = new.run_id
  where request_id = new.request_id and state = 'pending';
  if not found then
    return null;
  end if;
  return new;
end
$$;

create trigger run_takes_backfill_slot
before insert on floe.run
for each row
when (new.request_id like 'backfill:%')
execute function floe.take_backfill_slot();

-- A backfill that has ended stays as it ended.
create function floe.refuse_change_of_ended_backfill() returns trigger
language plpgsql as $$
begin
  raise exception 'backfill % is % and cannot become %', old.backfill_id, old.state, new.state
    using errcode = 'integrity_constraint_violation';
end
$$;

create trigger backfill_terminal_state_absorbs
before update of state on floe.backfill
for each row
when (old.ended_at is not null and new.state is distinct from old.state)
execute function floe.refuse_change_of_ended_backfill();

grant select, insert, update, delete on floe.backfill, floe.backfill_slot to floe_scheduler;
grant select on floe.backfill, floe.backfill_slot to floe_reporting;
