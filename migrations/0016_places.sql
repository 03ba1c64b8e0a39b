-- Keyed concurrency of runs: a row for each run that has or waits for a place of its key. It goes with the end of the run.
create table floe.run_place (
  run_id uuid primary key references floe.run (run_id) on delete cascade,
  key text not null,
  -- The order of asking.
  position bigint generated always as identity,
  is_taken boolean not null default false
);

create index run_place_key_idx on floe.run_place (key, position);

grant select, insert, update, delete on floe.run_place to floe_scheduler;
grant select on floe.run_place to floe_reporting;

-- Keyed concurrency of tasks: a place is held by an attempt that runs, and goes with its end or with its lease.
alter table floe.attempt add column place_key text;

create index attempt_place_key_idx on floe.attempt (place_key) where place_key is not null and lease_until is not null;

-- Of a task that waits while all places are taken: the queue passes it over.
alter table floe.task_run
  add column place_key text,
  add column place_limit integer;
