-- What a caller wants to find a run by, and runs that belong together.
alter table floe.run
  add column annotations jsonb,
  add column group_id text,
  add column is_exclusive boolean not null default false;

create index run_group_id_idx on floe.run (group_id, run_id) where group_id is not null;
create index run_annotations_idx on floe.run using gin (annotations jsonb_path_ops) where annotations is not null;

-- Owned by the scheduler: which run of a workflow is the only one that may go on. A row comes with its run and goes with
-- its end, each in the transaction of the run. A table of its own, for an index of floe.run could not say it: one row a
-- workflow at most, so it stays small whatever becomes of old runs.
create table floe.exclusive_run (
  workflow_name text primary key,
  run_id uuid not null unique
);

grant select, insert, update, delete on floe.exclusive_run to floe_scheduler;
grant select on floe.exclusive_run to floe_reporting;
