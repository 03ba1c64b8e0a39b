-- Owned by metadata. What comes from what, by column, as found when a version was applied. Rows live as long as their
-- version; questions are about the rows of the newest versions, which is_current marks.
create table floe.lineage_dataset (
  dataset_id bigint generated always as identity primary key,
  -- postgres://host:port/database/schema.table, file:path, or floe://workflow/task for what nothing takes on
  uri text not null unique,
  -- What people write: schema.table, and the table alone
  name text not null,
  short_name text not null
);

create index lineage_dataset_name_idx on floe.lineage_dataset (name);
create index lineage_dataset_short_name_idx on floe.lineage_dataset (short_name);

create table floe.lineage_edge (
  edge_id bigint generated always as identity primary key,
  workflow_name text not null,
  version integer not null,
  -- The task that makes the target
  task_id text not null,
  -- Null: nobody could say
  source_id bigint references floe.lineage_dataset (dataset_id),
  -- Empty: columns that are not known
  source_column text not null,
  target_id bigint not null references floe.lineage_dataset (dataset_id),
  -- Empty: all rows of the target
  target_column text not null,
  how text not null,
  transformation text not null,
  is_masked boolean not null,
  certainty text not null,
  is_current boolean not null default true,
  foreign key (workflow_name, version) references floe.workflow_version (workflow_name, version),
  constraint lineage_edge_how_check check (how in
    ('value', 'condition', 'filter', 'sort', 'window', 'group', 'join')),
  constraint lineage_edge_transformation_check check (transformation in
    ('identity', 'transformation', 'aggregation')),
  constraint lineage_edge_certainty_check check (certainty in ('exact', 'opaque', 'unresolved'))
);

create index lineage_edge_source_idx on floe.lineage_edge (source_id, source_column, edge_id) where is_current;
create index lineage_edge_target_idx on floe.lineage_edge (target_id, target_column, edge_id) where is_current;
create index lineage_edge_version_idx on floe.lineage_edge (workflow_name, version);

grant select, insert on floe.lineage_dataset to floe_metadata;
grant select, insert, update, delete on floe.lineage_edge to floe_metadata;
grant select on floe.lineage_dataset, floe.lineage_edge to floe_reporting;
