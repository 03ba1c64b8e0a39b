-- The numbers that tasks recorded, too, under the name of the replaced service.
create or replace view floe.workflow_execution_metrics as
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
where n.started_at is not null and n.ended_at is not null
union all
select s.workflow_id, s.workflow_run_id, m.task_id, m.name, m.value, m.unit, m.type, m.recorded_at, m.run_id
from floe.metric m
join floe.workflow_run_stats s on s.floe_run_id = m.run_id;
