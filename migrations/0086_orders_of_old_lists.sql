-- An index for each order and each search of the lists of the replaced service, which go through all runs otherwise.
create index run_run_by_idx on floe.run (floe.run_by_of(annotations, trigger), run_id);
create index run_ended_at_idx on floe.run (ended_at, run_id) where ended_at is not null;
-- Job runs from the beginning of their id.
create index run_group_prefix_idx on floe.run (lower(group_id) text_pattern_ops) where group_id is not null;

create index legacy_run_place_idx on floe.legacy_run (
  floe.place_of(workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by), start_timestamp,
  workflow_run_id);
create index legacy_run_end_timestamp_idx on floe.legacy_run (end_timestamp, start_timestamp, workflow_run_id)
  where end_timestamp is not null;
create index legacy_run_run_status_idx on floe.legacy_run (run_status, start_timestamp, workflow_run_id);
create index legacy_run_id_prefix_idx on floe.legacy_run (lower(workflow_run_id) text_pattern_ops);
create index legacy_run_group_prefix_idx on floe.legacy_run (lower(job_run_id) text_pattern_ops);
