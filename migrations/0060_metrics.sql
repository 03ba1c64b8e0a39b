-- Owned by metadata. Numbers that tasks of type update_metrics recorded. What the rows of runs say by themselves (rows,
-- durations, memory) is not kept twice: reporting works it out.
create table floe.metric (
  run_id uuid not null,
  task_id text not null,
  name text not null,
  -- An older attempt does not replace what a newer one recorded.
  epoch bigint not null,
  value double precision not null,
  unit text not null,
  type text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint metric_pkey primary key (run_id, task_id, name),
  constraint metric_value_check check (value > '-infinity' and value < 'infinity')
) partition by range (run_id);

grant select, insert, update, delete on floe.metric to floe_metadata;
grant select on floe.metric to floe_reporting;

-- Its rows go with the partition of their run.
select floe.join_history('metric', '', null, null);
