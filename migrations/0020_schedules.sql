-- Owned by metadata. What the newest document of a workflow says about when it runs, and whether people paused it.
create table floe.schedule (
  -- The workflow and the name of the schedule: neither can hold a dot.
  schedule_id text primary key,
  workflow_name text not null references floe.workflow (name),
  name text not null,
  definition jsonb not null,
  -- Adds one with every change: schedulers compare it with the one that they follow.
  revision bigint not null default 1,
  is_paused boolean not null,
  -- It left the document, or its workflow was deleted.
  is_deleted boolean not null default false,
  -- When this revision came: slots up to here belong to the revision before.
  changed_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  constraint schedule_workflow_name_name_key unique (workflow_name, name),
  constraint schedule_schedule_id_check check (schedule_id = workflow_name || '.' || name)
);

grant select, insert, update on floe.schedule to floe_metadata;
grant select on floe.schedule to floe_scheduler, floe_reporting;
