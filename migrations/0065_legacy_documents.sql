-- Owned by metadata. What came from the service that Floe replaces: its workflows with their nodes, as they were, and which
-- workflow and tasks of Floe do their work. Passwords are taken out before a document gets here. Rows stay until they
-- are deleted by hand: old ids have to be found as long as callers use them.
create table floe.legacy_workflow (
  workflow_id text primary key,
  workspace_id text not null default '',
  workspace_name text not null default '',
  folder_id text not null default '',
  folder_name text not null default '',
  job_id text not null default '',
  job_name text not null default '',
  workflow_name text not null,
  -- As it came: `Active`, or another word that keeps it from being run.
  status text not null default '',
  notify_email text not null default '',
  on_success_notify boolean not null default false,
  on_failure_notify boolean not null default false,
  created_by text not null default '',
  created_at timestamptz,
  document jsonb not null,
  -- The workflow of Floe that does the same; null when it was refused, for the reasons in refusals.
  floe_workflow text references floe.workflow (name),
  refusals jsonb not null default '[]',
  -- Fields of the document that nothing was made of, by path. Their values are in the document.
  unmapped jsonb not null default '[]',
  -- SHA-256 of the document, and the rules by which it was read: the same again is not imported again.
  checksum text not null,
  mapping_version integer not null,
  imported_at timestamptz not null default clock_timestamp()
);

create index legacy_workflow_job_id_idx on floe.legacy_workflow (job_id, workflow_id);
create index legacy_workflow_floe_workflow_idx on floe.legacy_workflow (floe_workflow) where floe_workflow is not null;

create table floe.legacy_node (
  workflow_id text not null references floe.legacy_workflow (workflow_id) on delete cascade,
  node_id text not null,
  -- Place in the document.
  position integer not null,
  node_name text not null default '',
  node_type text not null,
  connector_type text not null,
  connector_category text not null default '',
  sequence_number integer,
  connection_info jsonb not null default '{}',
  field_mappings jsonb not null default '[]',
  transformations jsonb not null default '{}',
  db_details jsonb not null default '{}',
  is_enabled boolean not null default true,
  -- The tasks of the workflow of Floe that do this node's work; empty when it was refused.
  task_ids text[] not null default '{}',
  primary key (workflow_id, node_id),
  constraint legacy_node_node_type_check check (node_type in ('source', 'transformation', 'target'))
);

create table floe.legacy_dependency (
  workflow_id text not null references floe.legacy_workflow (workflow_id) on delete cascade,
  child_node_id text not null,
  parent_node_id text not null,
  primary key (workflow_id, child_node_id, parent_node_id)
);

grant select, insert, update, delete on floe.legacy_workflow, floe.legacy_node, floe.legacy_dependency to floe_metadata;
grant select on floe.legacy_workflow, floe.legacy_node, floe.legacy_dependency
  to floe_reporting, floe_scheduler, floe_gateway;
