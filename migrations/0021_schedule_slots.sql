-- Owned by the scheduler: how far each schedule is followed, and what became of every slot that was due.
create table floe.schedule_state (
  schedule_id text primary key,
  workflow_name text not null,
  -- The revision of floe.schedule that is followed, with its definition: after an edit, slots up to the edit are still
  -- those of the definition before. 0 before the first.
  revision bigint not null,
  definition jsonb not null,
  is_active boolean not null,
  -- Slots up to here are in the ledger.
  cursor_at timestamptz not null,
  -- When to look again: when the next slot is due, or sooner where a bound cut a look short. Null: never.
  look_at timestamptz,
  -- The slots of a schedule begin in their order, so none may begin before this.
  last_start_at timestamptz not null default '-infinity',
  -- Who decides about its due slots, and until when: overlap is judged by one scheduler at a time.
  claim uuid,
  claimed_until timestamptz
);

create index schedule_state_look_at_idx on floe.schedule_state (look_at) where look_at is not null;

-- The ledger. One row for each slot, made when the slot is due; kept for 400 days.
create table floe.schedule_slot (
  schedule_id text not null,
  slot_at timestamptz not null,
  state text not null,
  -- The slot and its jitter.
  due_at timestamptz not null,
  -- A pending slot does not begin before this.
  start_at timestamptz not null,
  reason text not null default '',
  -- Set when it is decided that the slot fires: only a run of this request id can take it.
  request_id text,
  run_id uuid,
  -- It fired, and its run was not seen to have ended.
  is_open boolean not null default false,
  tzdata_version text not null,
  decided_at timestamptz,
  primary key (schedule_id, slot_at),
  constraint schedule_slot_state_check check (state in ('pending', 'fired', 'skipped', 'missed')),
  constraint schedule_slot_run_id_check check ((state = 'fired') = (run_id is not null))
);

create index schedule_slot_start_at_idx on floe.schedule_slot (start_at) where state = 'pending';
create index schedule_slot_pending_idx on floe.schedule_slot (schedule_id, slot_at) where state = 'pending';
create index schedule_slot_open_idx on floe.schedule_slot (schedule_id) where is_open;
create unique index schedule_slot_request_id_key on floe.schedule_slot (request_id) where request_id is not null;
create index schedule_slot_slot_at_idx on floe.schedule_slot using brin (slot_at);

-- Slots that are made up for after an outage take turns: the next turn is at `next_at`, for all schedulers together.
create table floe.schedule_pace (
  is_only boolean primary key default true check (is_only),
  next_at timestamptz not null
);
insert into floe.schedule_pace (next_at) values ('-infinity');

-- A run whose request id begins with `slot:` takes its slot in the transaction that stores it. Where the slot is not
-- pending under that id any more, because another scheduler took it over, the run is not stored.
create function floe.take_schedule_slot() returns trigger
language plpgsql as $$
begin
  update floe.schedule_slot
  set state = 'fired', run_id = new.run_id, is_open = true, reason = '', decided_at = clock_timestamp()
  where request_id = new.request_id and state = 'pending';
  if not found then
    return null;
  end if;
  return new;
end
$$;

create trigger run_takes_schedule_slot
before insert on floe.run
for each row
when (new.request_id like 'slot:%')
execute function floe.take_schedule_slot();

-- How a slot ended never changes.
create function floe.refuse_change_of_decided_slot() returns trigger
language plpgsql as $$
begin
  raise exception 'slot % of % is % and cannot become %', old.slot_at, old.schedule_id, old.state, new.state
    using errcode = 'integrity_constraint_violation';
end
$$;

create trigger schedule_slot_decision_absorbs
before update of state on floe.schedule_slot
for each row
when (old.state <> 'pending' and new.state is distinct from old.state)
execute function floe.refuse_change_of_decided_slot();

grant select, insert, update, delete on floe.schedule_state, floe.schedule_slot to floe_scheduler;
grant select, update on floe.schedule_pace to floe_scheduler;
grant select on floe.schedule_state, floe.schedule_slot to floe_reporting, floe_metadata;
