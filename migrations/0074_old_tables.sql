-- Which relations have the names of the replaced service, in which schema: views of Floe, tables that stood there before and
-- that new runs are written to as well, or something else that only has the name. Owned by whoever migrates.
create table floe.old_table (
  name text primary key,
  schema_name text not null,
  kind text not null,
  adopted_at timestamptz not null default clock_timestamp(),
  constraint old_table_kind_check check (kind in ('view', 'table', 'foreign'))
);

-- Owned by metadata: how far the old tables follow the runs. Whoever writes to them holds the row of old_table_progress.
create table floe.old_table_progress (
  is_only boolean primary key default true check (is_only),
  -- All runs up to this one have been seen.
  cursor_run_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into floe.old_table_progress default values;

-- Runs that have been written and may still change, or that are too young for the cursor.
create table floe.old_table_run (
  run_id uuid primary key,
  revision bigint not null,
  is_ended boolean not null,
  -- Why the old tables did not take the row; it is tried again when the run changes.
  problem text
);

create view floe.run_head as
select run_id, revision, ended_at is not null as is_ended from floe.run;

grant select on floe.old_table to floe_metadata, floe_reporting;
grant select, update on floe.old_table_progress to floe_metadata;
grant select, insert, update, delete on floe.old_table_run to floe_metadata;
grant select on floe.old_table_progress, floe.old_table_run to floe_reporting;
grant select on floe.run_head to floe_metadata;
