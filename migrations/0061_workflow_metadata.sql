-- Owned by metadata. What tasks of type store_workflow_metadata say of their workflow; it lives as long as the workflow.
create table floe.workflow_metadata (
  workflow_name text not null,
  name text not null,
  value jsonb not null,
  -- Who said it: an older run, or an older attempt, replaces nothing.
  run_id uuid not null,
  task_id text not null,
  epoch bigint not null,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint workflow_metadata_pkey primary key (workflow_name, name),
  constraint workflow_metadata_value_check check
    (jsonb_typeof(value) in ('string', 'number', 'boolean', 'null') and pg_column_size(value) <= 16384)
);

grant select, insert, update, delete on floe.workflow_metadata to floe_metadata;
grant select on floe.workflow_metadata to floe_reporting;

-- What an attempt records counts only while it runs.
grant select on floe.task_run, floe.attempt to floe_metadata;
