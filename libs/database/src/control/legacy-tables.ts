import type { ColumnType, Generated } from 'kysely';

/** Milliseconds since 1970 when read; a Date when written. */
type OptionalInstant = ColumnType<number | null, Date | null, Date | null>;
/** JSON is written as text and read as a value. */
type Json = ColumnType<unknown, string, string>;
type StampedByPostgres = ColumnType<number, never, never>;

export type LegacyWorkflowTable = {
  workflow_id: string;
  workspace_id: string;
  workspace_name: string;
  folder_id: string;
  folder_name: string;
  job_id: string;
  job_name: string;
  workflow_name: string;
  status: string;
  notify_email: string;
  on_success_notify: boolean;
  on_failure_notify: boolean;
  created_by: string;
  created_at: OptionalInstant;
  document: Json;
  floe_workflow: string | null;
  refusals: Json;
  unmapped: Json;
  checksum: string;
  mapping_version: number;
  imported_at: StampedByPostgres;
};

export type LegacyNodeTable = {
  workflow_id: string;
  node_id: string;
  position: number;
  node_name: string;
  node_type: string;
  connector_type: string;
  connector_category: string;
  sequence_number: number | null;
  connection_info: Json;
  field_mappings: Json;
  transformations: Json;
  db_details: Json;
  is_enabled: Generated<boolean>;
  task_ids: string[];
};

export type LegacyDependencyTable = {
  workflow_id: string;
  child_node_id: string;
  parent_node_id: string;
};

export type LegacyRunTable = {
  workflow_run_id: string;
  job_run_id: string;
  workflow_id: string;
  workflow_name: string;
  workspace_id: string;
  workspace_name: string;
  folder_id: string;
  folder_name: string;
  job_id: string;
  job_name: string;
  run_status: string;
  run_by_id: string;
  run_by: string;
  user_photourl: string;
  updated_by: string;
  start_timestamp: ColumnType<number, Date, Date>;
  end_timestamp: OptionalInstant;
  prefect_flow_run_id: string;
  prefect_deployment_id: string;
  prefect_flow_run_name: string;
  flow_run_tags: string[];
  flow_parameters: Json;
  retry_count: number;
  max_retries: number;
  source: string;
  document: Json;
  checksum: string;
  imported_at: StampedByPostgres;
};

export type LegacyNodeRunTable = {
  workflow_run_id: string;
  node_id: string;
  node_name: string;
  connector_type: string;
  node_type: string;
  node_status: string;
  node_start_timestamp: OptionalInstant;
  node_end_timestamp: OptionalInstant;
  source_rows: number | null;
  target_rows: number | null;
  output_storage_path: string;
  total_run_time_sec: number | null;
  error_message: string;
  parent_storage_size: number | null;
  memory_usage_mb: number | null;
};

export type LegacyQuarantineTable = {
  checksum: string;
  source: string;
  kind: string;
  place: string;
  document_id: string;
  reason: string;
  excerpt: string;
  quarantined_at: StampedByPostgres;
};

/** What was imported from the service that Floe replaces. */
export type LegacyTables = {
  legacy_workflow: LegacyWorkflowTable;
  legacy_node: LegacyNodeTable;
  legacy_dependency: LegacyDependencyTable;
  legacy_run: LegacyRunTable;
  legacy_node_run: LegacyNodeRunTable;
  legacy_quarantine: LegacyQuarantineTable;
};
