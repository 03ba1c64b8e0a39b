/** The relations of the replaced service; schema floe has a view of each. */
export const OLD_NAMES = [
  'workflow_run_stats',
  'node_run_details',
  'workflow_hierarchy',
  'workflow_nodes',
  'workflow_dependencies',
  'workflow_execution_metrics',
  'workflow_data_lineage',
  'vw_workflow_overview',
  'vw_workflow_execution_summary',
  'vw_dashboard_job_runs_table',
] as const;

export type OldName = (typeof OLD_NAMES)[number];

export const GRAPH_FUNCTION = 'get_workflow_dependency_graph';

/** What Floe adds to a table that stood before it. */
export type Extension = {
  /** What tells a row from the others. */
  readonly key: readonly string[];
  /** Types by column. None has a default: old rows stay as they were. */
  readonly columns: Readonly<Record<string, string>>;
};

export const EXTENSIONS: Readonly<Partial<Record<OldName, Extension>>> = {
  workflow_run_stats: {
    key: ['workflow_run_id'],
    columns: {
      prefect_flow_run_id: 'text',
      prefect_deployment_id: 'text',
      prefect_flow_run_name: 'text',
      flow_run_tags: 'text[]',
      flow_parameters: 'jsonb',
      retry_count: 'integer',
      max_retries: 'integer',
    },
  },
  node_run_details: {
    key: ['workflow_run_id', 'node_id'],
    columns: {
      prefect_task_run_id: 'text',
      prefect_task_run_name: 'text',
      prefect_task_state: 'text',
      task_retry_count: 'integer',
      task_run_tags: 'text[]',
      data_processing_engine: 'text',
      memory_usage_mb: 'double precision',
      cpu_usage_percent: 'double precision',
      cache_hit: 'boolean',
    },
  },
};
