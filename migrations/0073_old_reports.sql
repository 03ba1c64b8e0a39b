-- Numbers, flows and overviews under the names of the replaced service.
create view floe.workflow_execution_metrics as
select s.workflow_id, s.workflow_run_id, null::text as node_id, m.metric_name, m.metric_value, m.metric_unit,
  'performance' as metric_type, s.end_timestamp as recorded_at, s.floe_run_id
from floe.workflow_run_stats s
cross join lateral (
  select 'total_rows_processed' as metric_name, coalesce(sum(n.rows) filter (where n.node_type = 'target'), 0)::float8
    as metric_value, 'rows' as metric_unit
  from floe.run_node n where n.run_id = s.floe_run_id
  union all
  select 'total_execution_time', extract(epoch from s.end_timestamp - s.start_timestamp)::float8, 'seconds'
  union all
  select 'total_nodes_executed', count(*) filter (where n.started_at is not null), 'nodes'
  from floe.run_node n where n.run_id = s.floe_run_id
) m
where s.floe_run_id is not null and s.end_timestamp is not null
union all
select n.workflow_id, n.run_id::text, n.node_id, m.metric_name, m.metric_value, m.metric_unit, m.metric_type, n.ended_at,
  n.run_id
from floe.run_node n
cross join lateral (values
  ('node_rows_processed', n.rows::float8, 'rows', 'performance'),
  ('node_execution_time', extract(epoch from n.ended_at - n.started_at)::float8, 'seconds', 'performance'),
  ('node_memory_used', round(n.peak_memory_bytes / 1048576.0, 3)::float8, 'MB', 'resource_usage')
) m(metric_name, metric_value, metric_unit, metric_type)
where n.started_at is not null and n.ended_at is not null;

-- What the source made and the target took: sizes and checksums are those of the dataset between them.
create view floe.workflow_data_lineage as
select e.workflow_id, e.run_id::text as workflow_run_id, e.source_node_id, e.target_node_id,
  coalesce(source.dataset ->> 'uri', '') as data_path, source.rows as record_count, source.bytes as data_size_bytes,
  source.dataset ->> 'hash' as checksum, target.connector_type as transformation_applied,
  source.ended_at as recorded_at, e.run_id as floe_run_id
from floe.run_node_edge e
join floe.run_node source on source.run_id = e.run_id and source.node_id = e.source_node_id
join floe.run_node target on target.run_id = e.run_id and target.node_id = e.target_node_id
where source.ended_at is not null and target.started_at is not null;

-- The newest run of each workflow, through the index of its runs.
create view floe.vw_workflow_overview as
select h.workspace_id, h.workspace_name, h.folder_id, h.folder_name, h.job_id, h.job_name, h.workflow_id, h.workflow_name,
  h.workflow_status, h.created_at, h.created_by, h.version, h.is_active,
  (select count(*) from floe.workflow_nodes n where n.workflow_id = h.workflow_id) as total_nodes,
  last.workflow_run_id as last_run_id, last.start_timestamp as last_run_at, last.run_status as last_run_status,
  last.prefect_flow_run_id
from floe.workflow_hierarchy h
left join floe.legacy_workflow l on l.workflow_id = h.workflow_id
left join lateral (
  select * from (
    (select r.run_id::text as workflow_run_id, r.created_at as start_timestamp, floe.old_status(r.state) as run_status,
      r.run_id::text as prefect_flow_run_id
    from floe.run r where r.workflow_name = coalesce(l.floe_workflow, h.workflow_id) order by r.run_id desc limit 1)
    union all
    (select r.workflow_run_id, r.start_timestamp, r.run_status, r.prefect_flow_run_id
    from floe.legacy_run r where r.workflow_id = h.workflow_id order by r.start_timestamp desc limit 1)
  ) newest order by start_timestamp desc limit 1
) last on true;

create view floe.vw_workflow_execution_summary as
select s.workflow_id, s.workflow_name, s.job_run_id, s.workflow_run_id, s.run_status, s.run_by, s.start_timestamp,
  s.end_timestamp, round(extract(epoch from s.end_timestamp - s.start_timestamp), 3)::float8 as runtime_seconds, n.*,
  s.prefect_flow_run_id
from floe.workflow_run_stats s
cross join lateral (
  select count(*) as total_nodes, count(*) filter (where d.node_status = 'Completed') as completed_nodes,
    count(*) filter (where d.node_status = 'Failed') as failed_nodes,
    count(*) filter (where d.node_status = 'Running') as running_nodes,
    coalesce(sum(d.target_rows) filter (where d.node_type = 'target'), 0)::bigint as total_rows_processed,
    max(d.memory_usage_mb) as total_memory_used
  from (
    select node_status, node_type, rows as target_rows, peak_memory_bytes / 1048576.0 as memory_usage_mb
    from floe.run_node where run_id = s.floe_run_id
    union all
    select node_status, node_type, target_rows, memory_usage_mb::numeric
    from floe.legacy_node_run where workflow_run_id = s.workflow_run_id and s.floe_run_id is null
  ) d
) n;

-- One row a job run: the state of all of its workflow runs together.
create view floe.vw_dashboard_job_runs_table as
select job_run_id, min(workspace_id) as workspace_id, min(workspace_name) as workspace_name, min(folder_id) as folder_id,
  min(folder_name) as folder_name, min(job_id) as job_id, min(job_name) as job_name, count(*) as total_workflows,
  count(*) filter (where run_status = 'Completed') as completed_workflows,
  count(*) filter (where run_status = 'Failed') as failed_workflows,
  count(*) filter (where run_status in ('Started', 'Running')) as running_workflows,
  case
    when bool_or(run_status in ('Started', 'Running')) then 'Running'
    when bool_or(run_status = 'Failed') then 'Failed'
    when bool_or(run_status = 'Stopped') then 'Stopped'
    else 'Completed'
  end as run_status,
  min(run_by) as run_by, min(start_timestamp) as start_timestamp,
  case when bool_and(end_timestamp is not null) then max(end_timestamp) end as end_timestamp
from floe.workflow_run_stats
group by job_run_id;

-- A start through the old interface, as its own list of activities had it: it cannot be missing, for it is the run.
create view floe.user_activity as
select run_id::text as activity_id, annotations ->> 'legacy/user_id' as user_id,
  annotations ->> 'legacy/user_name' as user_name, coalesce(annotations ->> 'legacy/module', '') as module,
  'Workflow run started' as activity, annotations ->> 'legacy/workflow_id' as workflow_id, group_id as job_run_id,
  run_id::text as workflow_run_id, created_at
from floe.run
where annotations ? 'legacy/user_id';

grant select on floe.workflow_execution_metrics, floe.workflow_data_lineage, floe.vw_workflow_overview,
  floe.vw_workflow_execution_summary, floe.vw_dashboard_job_runs_table, floe.user_activity
  to floe_reporting, floe_metadata;
