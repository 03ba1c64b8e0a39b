/** The columns in which Floe keeps past runs and their nodes, named as in the tables of the replaced service. */

/** What both old tables have, and Floe keeps with the run. */
const SHARED = [
  'workflow_run_id',
  'job_run_id',
  'workflow_id',
  'workflow_name',
  'workspace_id',
  'workspace_name',
  'folder_id',
  'folder_name',
  'job_id',
  'job_name',
] as const;

export const PAST_RUN_COLUMNS = [
  ...SHARED,
  'run_status',
  'run_by_id',
  'run_by',
  'user_photourl',
  'updated_by',
  'start_timestamp',
  'end_timestamp',
  'prefect_flow_run_id',
  'prefect_deployment_id',
  'prefect_flow_run_name',
  'flow_run_tags',
  'flow_parameters',
  'retry_count',
  'max_retries',
] as const;

export const PAST_NODE_COLUMNS = [
  'node_id',
  'node_name',
  'connector_type',
  'node_type',
  'node_status',
  'node_start_timestamp',
  'node_end_timestamp',
  'source_rows',
  'target_rows',
  'output_storage_path',
  'total_run_time_sec',
  'error_message',
  'parent_storage_size',
  'memory_usage_mb',
] as const;

/** Columns of the old table of nodes that say nothing which Floe does not keep. */
export const OLD_NODE_COLUMNS: readonly string[] = [...SHARED, ...PAST_NODE_COLUMNS];
