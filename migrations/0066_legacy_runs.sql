-- Owned by metadata. Runs of the service that Floe replaces, or of another, as they were when they were imported: they
-- never change. Lists of runs show them beside those of Floe. They are kept as long as the installation wants its past.
create table floe.legacy_run (
  workflow_run_id text primary key,
  job_run_id text not null default '',
  workflow_id text not null default '',
  workflow_name text not null default '',
  workspace_id text not null default '',
  workspace_name text not null default '',
  folder_id text not null default '',
  folder_name text not null default '',
  job_id text not null default '',
  job_name text not null default '',
  -- In the words of the old service: Started, Running, Completed, Failed, Stopped.
  run_status text not null,
  run_by_id text not null default '',
  run_by text not null default '',
  user_photourl text not null default '',
  updated_by text not null default '',
  start_timestamp timestamptz not null,
  end_timestamp timestamptz,
  prefect_flow_run_id text not null default '',
  prefect_deployment_id text not null default '',
  prefect_flow_run_name text not null default '',
  flow_run_tags text[] not null default '{}',
  flow_parameters jsonb not null default '{}',
  retry_count integer not null default 0,
  max_retries integer not null default 0,
  -- jobRun, workflow_run_stats or prefect
  source text not null,
  -- What the columns do not hold, without passwords.
  document jsonb not null default '{}',
  checksum text not null,
  imported_at timestamptz not null default clock_timestamp(),
  constraint legacy_run_run_status_check check (run_status in
    ('Started', 'Running', 'Completed', 'Failed', 'Stopped')),
  constraint legacy_run_source_check check (source in ('jobRun', 'workflow_run_stats', 'prefect'))
);

-- Newest first, of all, of one workflow, and of one job run.
create index legacy_run_start_timestamp_idx on floe.legacy_run (start_timestamp desc, workflow_run_id desc);
create index legacy_run_workflow_id_idx on floe.legacy_run (workflow_id, start_timestamp desc, workflow_run_id desc);
create index legacy_run_job_run_id_idx on floe.legacy_run (job_run_id);

create table floe.legacy_node_run (
  workflow_run_id text not null references floe.legacy_run (workflow_run_id) on delete cascade,
  node_id text not null,
  node_name text not null default '',
  connector_type text not null default '',
  node_type text not null default '',
  node_status text not null default '',
  node_start_timestamp timestamptz,
  node_end_timestamp timestamptz,
  source_rows bigint,
  target_rows bigint,
  output_storage_path text not null default '',
  total_run_time_sec double precision,
  error_message text not null default '',
  parent_storage_size bigint,
  memory_usage_mb double precision,
  primary key (workflow_run_id, node_id)
);

-- Owned by metadata. Documents that could not be imported, and why. The text is cut, and passwords are taken out.
create table floe.legacy_quarantine (
  -- SHA-256 of what was read: the same document again is one row.
  checksum text primary key,
  source text not null,
  -- workflow or jobRun
  kind text not null,
  -- Where in the source, like `line 12`.
  place text not null,
  document_id text not null default '',
  reason text not null,
  excerpt text not null default '',
  quarantined_at timestamptz not null default clock_timestamp(),
  constraint legacy_quarantine_excerpt_check check (octet_length(excerpt) <= 65536)
);

grant select, insert, update, delete on floe.legacy_run, floe.legacy_node_run, floe.legacy_quarantine to floe_metadata;
grant select on floe.legacy_run, floe.legacy_node_run, floe.legacy_quarantine
  to floe_reporting, floe_scheduler, floe_gateway;
