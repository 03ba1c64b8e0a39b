-- What readers of the replaced service ask for, under its names: `public` gets views of these when it has no tables of the
-- same names. Workflows that were not imported are there too, with their own name as id and no place in a workspace.

create function floe.old_status(state text) returns text
language sql immutable parallel safe as $$
  select case
    when state in ('queued', 'pending', 'ready') then 'Started'
    when state in ('running', 'retrying', 'cancelling', 'paused') then 'Running'
    when state in ('succeeded', 'skipped') then 'Completed'
    when state in ('failed', 'crashed', 'timed_out') then 'Failed'
    when state in ('cancelled', 'upstream_failed') then 'Stopped'
  end
$$;

comment on function floe.old_status is 'The word of the replaced service for a state of a run or a task run.';

create function floe.node_type_of(task_type text) returns text
language sql immutable parallel safe as $$
  select case
    when task_type like '%\_extract' then 'source'
    when task_type like '%\_load' then 'target'
    else 'transformation'
  end
$$;

-- The tasks of each version, in order.
create view floe.version_task as
select v.workflow_name, v.version, t.task ->> 'id' as task_id, t.task ->> 'type' as type, t.place::int as position, t.task,
  array(
    select distinct parent
    from jsonb_array_elements_text(coalesce(t.task -> 'inputs', '[]') || coalesce(t.task -> 'needs', '[]')) parent
  ) as parent_ids
from floe.workflow_version v
cross join lateral jsonb_array_elements(v.document -> 'tasks') with ordinality t(task, place);

-- Newest versions of workflows that are no import.
create view floe.own_workflow as
select w.name, w.description, w.latest_version, w.is_deleted, w.created_at, w.updated_at
from floe.workflow w
where not exists (select from floe.legacy_workflow l where l.floe_workflow = w.name);

create view floe.workflow_hierarchy as
select l.workspace_id, l.workspace_name, l.folder_id, l.folder_name, l.job_id, l.job_name, l.workflow_id, l.workflow_name,
  l.status as workflow_status, coalesce(w.description, '') as workflow_description, l.created_by, l.created_at,
  l.created_by as updated_by, greatest(w.updated_at, l.imported_at) as updated_at, coalesce(w.latest_version, 1) as version,
  l.status = 'Active' as is_active
from floe.legacy_workflow l
left join floe.workflow w on w.name = l.floe_workflow
union all
select '', '', '', '', '', '', name, name, case when is_deleted then 'Deleted' else 'Active' end, description, '',
  created_at, '', updated_at, latest_version, not is_deleted
from floe.own_workflow;

create view floe.workflow_nodes as
select n.workflow_id, n.node_id, n.node_name, n.node_type, n.connector_type, n.connector_category, n.sequence_number,
  n.connection_info, n.field_mappings, n.transformations, n.db_details, n.is_enabled, l.created_at,
  l.imported_at as updated_at
from floe.legacy_node n
join floe.legacy_workflow l using (workflow_id)
union all
select w.name, t.task_id, t.task_id, floe.node_type_of(t.type), t.type,
  case when floe.node_type_of(t.type) = 'transformation' then 'Transformations' else 'Databases' end, t.position,
  jsonb_strip_nulls(jsonb_build_object('connection', t.task -> 'config' -> 'connection')), '[]',
  coalesce(t.task -> 'config', '{}'), '{}', true, w.created_at, w.updated_at
from floe.own_workflow w
join floe.version_task t on t.workflow_name = w.name and t.version = w.latest_version;

create view floe.workflow_dependencies as
select d.workflow_id, d.child_node_id, d.parent_node_id, 'data' as dependency_type, true as is_active,
  l.imported_at as created_at
from floe.legacy_dependency d
join floe.legacy_workflow l using (workflow_id)
union all
select w.name, t.task_id, parent,
  case when t.task -> 'inputs' ? parent then 'data' else 'order' end, true, w.created_at
from floe.own_workflow w
join floe.version_task t on t.workflow_name = w.name and t.version = w.latest_version
cross join lateral unnest(t.parent_ids) parent;

create function floe.get_workflow_dependency_graph(workflow_id text)
returns table (node_id text, node_name text, node_type text, sequence_number integer, parent_nodes text[], child_nodes text[])
language sql stable as $$
  select n.node_id, n.node_name, n.node_type, n.sequence_number,
    array(select d.parent_node_id from floe.workflow_dependencies d
      where d.workflow_id = $1 and d.child_node_id = n.node_id order by 1),
    array(select d.child_node_id from floe.workflow_dependencies d
      where d.workflow_id = $1 and d.parent_node_id = n.node_id order by 1)
  from floe.workflow_nodes n
  where n.workflow_id = $1
  order by n.sequence_number nulls last, n.node_id
$$;

grant select on floe.version_task, floe.own_workflow, floe.workflow_hierarchy, floe.workflow_nodes,
  floe.workflow_dependencies to floe_reporting, floe_metadata;
