-- Owned by metadata. A version never changes; a workflow points at its newest one.
create table floe.workflow (
  name text primary key,
  description text not null default '',
  latest_version integer not null,
  task_count integer not null,
  is_deleted boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint workflow_name_check check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  constraint workflow_latest_version_check check (latest_version > 0)
);

create table floe.workflow_version (
  workflow_name text not null references floe.workflow (name),
  version integer not null,
  source text not null,
  document jsonb not null,
  digest text not null,
  -- Output columns by task, as far as they were known when the version was applied.
  task_schemas jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  primary key (workflow_name, version)
);

grant select, insert, update on floe.workflow, floe.workflow_version to floe_metadata;
grant select on floe.workflow, floe.workflow_version to floe_scheduler, floe_reporting;
