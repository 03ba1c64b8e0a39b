-- Owned by metadata. What attempts leave for people: previews, findings of checks, summaries. Small by its check: rows of
-- users are kept nowhere else in this database.
create table floe.artifact (
  artifact_id uuid primary key,
  run_id uuid not null,
  -- Empty for an artifact of the run itself.
  task_id text not null,
  -- An older attempt does not replace what a newer one left.
  epoch bigint not null,
  name text not null,
  kind text not null,
  title text not null,
  media_type text not null,
  content bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint artifact_kind_check check (kind in ('markdown', 'preview', 'check', 'plot')),
  constraint artifact_content_check check (octet_length(content) <= 1048576)
);

create unique index artifact_run_id_task_id_name_key on floe.artifact (run_id, task_id, name);

grant select, insert, update, delete on floe.artifact to floe_metadata;
grant select on floe.artifact to floe_reporting;
