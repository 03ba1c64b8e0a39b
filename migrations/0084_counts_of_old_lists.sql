-- Lists of the replaced service say how many runs there are of what they show. Here they are counted before anybody asks.

-- The instant that a run id begins with.
create function floe.instant_of(run_id uuid) returns timestamptz
language sql immutable strict parallel safe as $$
  select to_timestamp(('x' || left(replace(run_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

create function floe.day_of(instant timestamptz) returns date
language sql immutable strict parallel safe as $$
  select (instant at time zone 'UTC')::date
$$;

-- Owned by the scheduler: runs that ended, by the day of their id.
create table floe.run_count (
  day date not null,
  workflow_name text not null,
  run_by text not null,
  state text not null,
  runs bigint not null,
  primary key (day, workflow_name, run_by, state)
);

create table floe.run_count_progress (
  is_only boolean primary key default true check (is_only),
  -- All runs below this one are in run_count, or in run_uncounted.
  cursor_run_id uuid not null default '00000000-0000-0000-0000-000000000000',
  -- The first day that has not been counted once more after it was over.
  next_day date not null default floe.day_of(clock_timestamp())
);
insert into floe.run_count_progress default values;

-- Runs below the cursor that went on when they were looked at.
create table floe.run_uncounted (run_id uuid primary key);

-- Who started a run, as lists show it.
create function floe.run_by_of(annotations jsonb, trigger text) returns text
language sql immutable parallel safe as $$
  select coalesce(annotations ->> 'legacy/user_name', trigger)
$$;

-- Counts on, at most so many runs, and answers whether there are more. A transaction may store a run whose id is lower than
-- one that was seen: the cursor keeps two minutes behind, and a day is counted anew once it is over.
create function floe.count_runs(at_most integer) returns boolean
language plpgsql set search_path = floe, pg_temp as $$
declare
  progress run_count_progress;
  behind uuid := first_id_at(clock_timestamp() - interval '2 minutes');
  reached uuid;
begin
  select * into progress from run_count_progress for update skip locked;
  if not found then
    return false;
  end if;
  delete from run_count where day < (
    select day_of(min(from_at)) from history_partition having min(from_at) > '-infinity');
  with ended as (
    delete from run_uncounted u using run r where r.run_id = u.run_id and r.ended_at is not null
    returning r.run_id, r.workflow_name, r.annotations, r.trigger, r.state
  )
  insert into run_count as c (day, workflow_name, run_by, state, runs)
  select day_of(instant_of(run_id)), workflow_name, run_by_of(annotations, trigger), state, count(*)
  from ended group by 1, 2, 3, 4
  on conflict (day, workflow_name, run_by, state) do update set runs = c.runs + excluded.runs;

  select run_id into reached from run where run_id >= progress.cursor_run_id order by run_id offset at_most limit 1;
  reached := least(reached, behind);
  if reached > progress.cursor_run_id then
    with fresh as materialized (
      select run_id, workflow_name, run_by_of(annotations, trigger) as run_by, state, ended_at is not null as is_ended
      from run where run_id >= progress.cursor_run_id and run_id < reached
    ), going_on as (
      insert into run_uncounted select run_id from fresh where not is_ended on conflict do nothing
    )
    insert into run_count as c (day, workflow_name, run_by, state, runs)
    select day_of(instant_of(run_id)), workflow_name, run_by, state, count(*) from fresh where is_ended group by 1, 2, 3, 4
    on conflict (day, workflow_name, run_by, state) do update set runs = c.runs + excluded.runs;
    update run_count_progress set cursor_run_id = reached;
  end if;
  if reached = behind and clock_timestamp() >= (progress.next_day + 1) at time zone 'UTC' + interval '1 hour' then
    perform count_day_anew(progress.next_day);
    update run_count_progress set next_day = progress.next_day + 1;
    return true;
  end if;
  return reached < behind;
end
$$;

-- What goes on when it is looked at is uncounted, whatever becomes of it in the next statement.
create function floe.count_day_anew(counted date) returns void
language plpgsql set search_path = floe, pg_temp as $$
declare
  low uuid := first_id_at(counted::timestamp at time zone 'UTC');
  high uuid := first_id_at((counted + 1)::timestamp at time zone 'UTC');
begin
  delete from run_count where day = counted;
  insert into run_uncounted
  select run_id from run where run_id >= low and run_id < high and ended_at is null on conflict do nothing;
  insert into run_count (day, workflow_name, run_by, state, runs)
  select counted, workflow_name, run_by_of(annotations, trigger), state, count(*)
  from run r
  where run_id >= low and run_id < high and ended_at is not null
    and not exists (select from run_uncounted u where u.run_id = r.run_id)
  group by 2, 3, 4;
end
$$;

revoke execute on function floe.count_runs, floe.count_day_anew from public;
grant execute on function floe.count_runs, floe.count_day_anew to floe_scheduler;
grant select, insert, update, delete on floe.run_count, floe.run_uncounted to floe_scheduler;
grant select, update on floe.run_count_progress to floe_scheduler;
grant select on floe.run_count, floe.run_count_progress, floe.run_uncounted to floe_reporting;
