-- Runs and their nodes under the names of the replaced service. floe_run_id finds the runs of Floe by their index; the
-- views that readers get leave it out, and floe_state.
create view floe.workflow_run_stats as
select coalesce(l.workspace_id, '') as workspace_id, coalesce(l.workspace_name, '') as workspace_name,
  coalesce(l.folder_id, '') as folder_id, coalesce(l.folder_name, '') as folder_name,
  coalesce(l.job_id, '') as job_id, coalesce(l.job_name, '') as job_name,
  coalesce(l.workflow_id, r.workflow_name) as workflow_id, coalesce(l.workflow_name, r.workflow_name) as workflow_name,
  coalesce(r.group_id, r.run_id::text) as job_run_id, r.run_id::text as workflow_run_id,
  floe.old_status(r.state) as run_status,
  coalesce(r.annotations ->> 'legacy/user_id', '') as run_by_id,
  coalesce(r.annotations ->> 'legacy/user_name', r.trigger) as run_by,
  r.created_at as start_timestamp, r.ended_at as end_timestamp,
  coalesce(r.annotations ->> 'legacy/user_photo_url', '') as user_photourl,
  coalesce(r.annotations ->> 'legacy/user_id', '') as updated_by,
  r.run_id::text as prefect_flow_run_id, null::text as prefect_deployment_id,
  r.workflow_name || '/' || r.workflow_version || '/' || r.run_id as prefect_flow_run_name,
  array_remove(array[r.trigger, r.annotations ->> 'legacy/module'], null) as flow_run_tags,
  r.parameters as flow_parameters, r.generation - 1 as retry_count, 0 as max_retries,
  r.run_id as floe_run_id, r.state as floe_state
from floe.run r
left join lateral (
  select * from floe.legacy_workflow w where w.floe_workflow = r.workflow_name
  order by w.workflow_id = (r.annotations ->> 'legacy/workflow_id') desc nulls last, w.workflow_id limit 1
) l on true
union all
select workspace_id, workspace_name, folder_id, folder_name, job_id, job_name, workflow_id, workflow_name, job_run_id,
  workflow_run_id, run_status, run_by_id, run_by, start_timestamp, end_timestamp, user_photourl, updated_by,
  prefect_flow_run_id, prefect_deployment_id, prefect_flow_run_name, flow_run_tags, flow_parameters, retry_count,
  max_retries, null, null
from floe.legacy_run;

-- A node of an import is one task or several; of another workflow each task is a node.
create view floe.run_node as
select r.run_id, n.workflow_id, n.node_id, n.node_name, n.connector_type, n.node_type, n.sequence_number, t.*
from floe.run r
join floe.legacy_workflow l on l.floe_workflow = r.workflow_name
join floe.legacy_node n using (workflow_id)
cross join lateral (
  select
    case
      when bool_or(floe.old_status(state) = 'Failed') then 'Failed'
      when bool_or(floe.old_status(state) = 'Running') then 'Running'
      when bool_or(floe.old_status(state) = 'Stopped') then 'Stopped'
      when bool_and(floe.old_status(state) = 'Completed') then 'Completed'
      when bool_and(floe.old_status(state) = 'Started') then 'Started'
      else 'Running'
    end as node_status,
    min(started_at) as started_at, case when bool_and(ended_at is not null) then max(ended_at) end as ended_at,
    (array_agg(rows order by task_index desc))[1] as rows, (array_agg(bytes order by task_index desc))[1] as bytes,
    (array_agg(dataset order by task_index desc))[1] as dataset,
    (array_agg(state order by task_index desc))[1] as last_state,
    max(peak_memory_bytes) as peak_memory_bytes, sum(greatest(attempt_count - 1, 0))::int as retry_count,
    coalesce(bool_and(known_from is not null), false) as is_known,
    string_agg(failure ->> 'message', '; ' order by task_index) as error_message,
    array_agg(task_id order by task_index) as task_ids
  from floe.task_run where task_run.run_id = r.run_id and task_run.task_id = any(n.task_ids)
  having count(*) > 0
) t
union all
select r.run_id, r.workflow_name, t.task_id, t.task_id, t.type, floe.node_type_of(t.type), t.task_index + 1,
  floe.old_status(t.state), t.started_at, t.ended_at, t.rows, t.bytes, t.dataset, t.state, t.peak_memory_bytes,
  greatest(t.attempt_count - 1, 0), t.known_from is not null, t.failure ->> 'message', array[t.task_id]
from floe.run r
join floe.task_run t using (run_id)
where not exists (select from floe.legacy_workflow l where l.floe_workflow = r.workflow_name);

-- What goes from node to node in a run.
create view floe.run_node_edge as
select n.run_id, n.workflow_id, d.parent_node_id as source_node_id, n.node_id as target_node_id
from floe.run_node n
join floe.legacy_dependency d on d.workflow_id = n.workflow_id and d.child_node_id = n.node_id
union all
select r.run_id, r.workflow_name, parent, t.task_id
from floe.run r
join floe.version_task t on t.workflow_name = r.workflow_name and t.version = r.workflow_version
cross join lateral jsonb_array_elements_text(coalesce(t.task -> 'inputs', '[]')) parent
where not exists (select from floe.legacy_workflow l where l.floe_workflow = r.workflow_name);

create view floe.node_run_details as
select n.node_id, n.node_name, n.connector_type, n.node_type,
  s.workspace_id, s.workspace_name, s.folder_id, s.folder_name, s.job_id, s.job_name, s.workflow_id, s.workflow_name,
  s.job_run_id, s.workflow_run_id,
  n.started_at as node_start_timestamp, n.ended_at as node_end_timestamp, n.node_status,
  case when n.node_type = 'source' then n.rows else coalesce(p.rows, 0) end as source_rows, n.rows as target_rows,
  coalesce(n.dataset ->> 'uri', '') as output_storage_path,
  round(extract(epoch from n.ended_at - n.started_at), 3)::float8 as total_run_time_sec, n.error_message,
  coalesce(p.bytes, 0) as parent_storage_size,
  s.workflow_run_id || '/' || n.node_id as prefect_task_run_id, n.node_name as prefect_task_run_name,
  upper(n.last_state) as prefect_task_state, n.retry_count as task_retry_count, n.task_ids as task_run_tags,
  case when n.connector_type like 'postgres%' then 'postgresql' else 'polars' end as data_processing_engine,
  round(n.peak_memory_bytes / 1048576.0, 3)::float8 as memory_usage_mb, null::float8 as cpu_usage_percent,
  n.is_known as cache_hit, n.run_id as floe_run_id
from floe.run_node n
join floe.workflow_run_stats s on s.floe_run_id = n.run_id
left join lateral (
  select sum(source.rows)::bigint as rows, sum(source.bytes)::bigint as bytes
  from floe.run_node_edge e
  join floe.run_node source on source.run_id = e.run_id and source.node_id = e.source_node_id
  where e.run_id = n.run_id and e.target_node_id = n.node_id
) p on true
union all
select n.node_id, n.node_name, n.connector_type, n.node_type, r.workspace_id, r.workspace_name, r.folder_id, r.folder_name,
  r.job_id, r.job_name, r.workflow_id, r.workflow_name, r.job_run_id, r.workflow_run_id, n.node_start_timestamp,
  n.node_end_timestamp, n.node_status, n.source_rows, n.target_rows, n.output_storage_path, n.total_run_time_sec,
  n.error_message, n.parent_storage_size, null, null, null, null, null, null, n.memory_usage_mb, null, null, null
from floe.legacy_node_run n
join floe.legacy_run r using (workflow_run_id);

grant select on floe.workflow_run_stats, floe.run_node, floe.run_node_edge, floe.node_run_details
  to floe_reporting, floe_metadata;
