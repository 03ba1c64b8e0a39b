-- no-transaction
-- Made while the tables are still whole, so that nobody who writes waits for them.
-- Lists of a workflow by state: nearly all runs succeed, and those are found without it.
create index concurrently if not exists run_workflow_name_state_idx
  on floe.run (workflow_name, state, run_id desc) where state <> 'succeeded';

-- Pages of the artifacts of a run; it becomes the primary key.
create unique index concurrently if not exists artifact_page_key on floe.artifact (run_id, artifact_id);
create index concurrently if not exists artifact_artifact_id_idx on floe.artifact (artifact_id);
