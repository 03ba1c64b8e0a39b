// Made from the migrations by `npm run -s row-types`. Do not edit.
import type { ColumnType, Generated } from 'kysely';

/** Milliseconds since 1970 when read; a Date when written. */
type Instant = ColumnType<number, Date, Date>;
type GeneratedInstant = ColumnType<number, Date | undefined, Date>;
type OptionalInstant = ColumnType<number | null, Date | null | undefined, Date | null>;
/** JSON is written as text and read as a value. */
type Json = ColumnType<unknown, string, string>;
type GeneratedJson = ColumnType<unknown, string | undefined, string>;
type OptionalJson = ColumnType<unknown, string | null | undefined, string | null>;
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;

export type ApiTokenTable = {
  token_id: string;
  name: string;
  sha256: Buffer;
  scope: string;
  workflow_names: Optional<string[]>;
  created_by: string;
  created_at: GeneratedInstant;
  expires_at: OptionalInstant;
  revoked_at: OptionalInstant;
  revoked_by: Optional<string>;
  last_used_at: OptionalInstant;
  last_used_address: Optional<string>;
};

export type ArtifactTable = {
  artifact_id: string;
  run_id: string;
  task_id: string;
  epoch: number;
  name: string;
  kind: string;
  title: string;
  media_type: string;
  content: Buffer;
  created_at: GeneratedInstant;
};

export type AttemptTable = {
  run_id: string;
  task_index: number;
  epoch: number;
  number: number;
  state: string;
  executor_id: Optional<string>;
  token_hash: Optional<string>;
  lease_until: OptionalInstant;
  ready_at: Instant;
  claimed_at: OptionalInstant;
  ended_at: OptionalInstant;
  rows: Generated<number>;
  bytes: Generated<number>;
  peak_memory_bytes: Generated<number>;
  failure: OptionalJson;
  span_id: string;
  items: Optional<string>;
  place_key: Optional<string>;
  began_at: OptionalInstant;
};

export type AuditEntryTable = {
  audit_id: Generated<number>;
  occurred_at: GeneratedInstant;
  actor: string;
  token_id: Optional<string>;
  action: string;
  object: Generated<string>;
  address: string;
  trace_id: Generated<string>;
  status: Optional<number>;
  error_code: Generated<string>;
};

export type BackfillTable = {
  backfill_id: string;
  schedule_id: string;
  workflow_name: string;
  definition: Json;
  from_at: Instant;
  to_at: Instant;
  only_missing: boolean;
  max_active: number;
  state: string;
  cursor_at: Instant;
  total_slots: number;
  present_slots: Generated<number>;
  succeeded_slots: Generated<number>;
  failed_slots: Generated<number>;
  cancelled_slots: Generated<number>;
  request_id: Optional<string>;
  request_digest: string;
  created_at: GeneratedInstant;
  ended_at: OptionalInstant;
};

export type BackfillSlotTable = {
  backfill_id: string;
  slot_at: Instant;
  schedule_id: string;
  state: string;
  request_id: Optional<string>;
  requested_at: OptionalInstant;
  run_id: Optional<string>;
  reason: Generated<string>;
};

export type ConnectionTable = {
  name: string;
  host: string;
  port: number;
  database: string;
  username: string;
  secret_reference: Generated<string>;
  ssl_mode: Generated<string>;
  created_at: GeneratedInstant;
  updated_at: GeneratedInstant;
  kind: Generated<string>;
  base_url: Generated<string>;
  secret_header: Generated<string>;
  proxy: Generated<string>;
  proxy_secret_reference: Generated<string>;
  ca_reference: Generated<string>;
  client_certificate_reference: Generated<string>;
  client_key_reference: Generated<string>;
};

export type ExclusiveRunTable = {
  workflow_name: string;
  run_id: string;
};

export type ExecutorTable = {
  executor_id: string;
  address: string;
  pool: string;
  slots: number;
  busy_slots: number;
  state: string;
  version: string;
  started_at: Instant;
  last_seen_at: Instant;
  labels: Generated<string[]>;
};

export type LegacyDependencyTable = {
  workflow_id: string;
  child_node_id: string;
  parent_node_id: string;
};

export type LegacyNodeTable = {
  workflow_id: string;
  node_id: string;
  position: number;
  node_name: Generated<string>;
  node_type: string;
  connector_type: string;
  connector_category: Generated<string>;
  sequence_number: Optional<number>;
  connection_info: GeneratedJson;
  field_mappings: GeneratedJson;
  transformations: GeneratedJson;
  db_details: GeneratedJson;
  is_enabled: Generated<boolean>;
  task_ids: Generated<string[]>;
};

export type LegacyNodeRunTable = {
  workflow_run_id: string;
  node_id: string;
  node_name: Generated<string>;
  connector_type: Generated<string>;
  node_type: Generated<string>;
  node_status: Generated<string>;
  node_start_timestamp: OptionalInstant;
  node_end_timestamp: OptionalInstant;
  source_rows: Optional<number>;
  target_rows: Optional<number>;
  output_storage_path: Generated<string>;
  total_run_time_sec: Optional<number>;
  error_message: Generated<string>;
  parent_storage_size: Optional<number>;
  memory_usage_mb: Optional<number>;
};

export type LegacyQuarantineTable = {
  checksum: string;
  source: string;
  kind: string;
  place: string;
  document_id: Generated<string>;
  reason: string;
  excerpt: Generated<string>;
  quarantined_at: GeneratedInstant;
};

export type LegacyRunTable = {
  workflow_run_id: string;
  job_run_id: Generated<string>;
  workflow_id: Generated<string>;
  workflow_name: Generated<string>;
  workspace_id: Generated<string>;
  workspace_name: Generated<string>;
  folder_id: Generated<string>;
  folder_name: Generated<string>;
  job_id: Generated<string>;
  job_name: Generated<string>;
  run_status: string;
  run_by_id: Generated<string>;
  run_by: Generated<string>;
  user_photourl: Generated<string>;
  updated_by: Generated<string>;
  start_timestamp: Instant;
  end_timestamp: OptionalInstant;
  prefect_flow_run_id: Generated<string>;
  prefect_deployment_id: Generated<string>;
  prefect_flow_run_name: Generated<string>;
  flow_run_tags: Generated<string[]>;
  flow_parameters: GeneratedJson;
  retry_count: Generated<number>;
  max_retries: Generated<number>;
  source: string;
  document: GeneratedJson;
  checksum: string;
  imported_at: GeneratedInstant;
};

export type LegacyRunCountTable = {
  day: Date;
  place: string;
  run_status: string;
  runs: number;
};

export type LegacyRunPlaceTable = {
  place: string;
  workflow_id: string;
  workflow_name: string;
  job_name: string;
  folder_name: string;
  workspace_name: string;
  run_by: string;
};

export type LegacyWorkflowTable = {
  workflow_id: string;
  workspace_id: Generated<string>;
  workspace_name: Generated<string>;
  folder_id: Generated<string>;
  folder_name: Generated<string>;
  job_id: Generated<string>;
  job_name: Generated<string>;
  workflow_name: string;
  status: Generated<string>;
  notify_email: Generated<string>;
  on_success_notify: Generated<boolean>;
  on_failure_notify: Generated<boolean>;
  created_by: Generated<string>;
  created_at: OptionalInstant;
  document: Json;
  floe_workflow: Optional<string>;
  refusals: GeneratedJson;
  unmapped: GeneratedJson;
  checksum: string;
  mapping_version: number;
  imported_at: GeneratedInstant;
};

export type LineageDatasetTable = {
  dataset_id: Generated<number>;
  uri: string;
  name: string;
  short_name: string;
};

export type LineageEdgeTable = {
  edge_id: Generated<number>;
  workflow_name: string;
  version: number;
  task_id: string;
  source_id: Optional<number>;
  source_column: string;
  target_id: number;
  target_column: string;
  how: string;
  transformation: string;
  is_masked: boolean;
  certainty: string;
  is_current: Generated<boolean>;
};

export type MetricTable = {
  run_id: string;
  task_id: string;
  name: string;
  epoch: number;
  value: number;
  unit: string;
  type: string;
  recorded_at: GeneratedInstant;
};

export type NoticeTable = {
  notice_id: Generated<string>;
  scope: string;
  rule_name: string;
  event: string;
  about: string;
  workflow_name: string;
  run_id: Optional<string>;
  destination: string;
  rule: Json;
  facts: Json;
  state: Generated<string>;
  message_id: Optional<string>;
  attempt_count: Generated<number>;
  problem: Generated<string>;
  created_at: GeneratedInstant;
  ended_at: OptionalInstant;
  owed_to: Optional<string[]>;
};

export type NoticeCursorTable = {
  is_only: Generated<boolean>;
  run_end_id: Generated<number>;
};

export type NoticeDestinationTable = {
  destination: string;
  claim: Optional<string>;
  claimed_until: GeneratedInstant;
  next_at: GeneratedInstant;
  failure_count: Generated<number>;
  window_from: GeneratedInstant;
  window_count: Generated<number>;
  summed_at: GeneratedInstant;
};

export type NoticeGapTable = {
  run_end_id: number;
  noted_at: GeneratedInstant;
};

export type NoticeRulesTable = {
  workflow_name: string;
  rules: Json;
  changed_at: GeneratedInstant;
};

export type OldTableTable = {
  name: string;
  schema_name: string;
  kind: string;
  adopted_at: GeneratedInstant;
};

export type OldTableProgressTable = {
  is_only: Generated<boolean>;
  cursor_run_id: Generated<string>;
};

export type OldTableRunTable = {
  run_id: string;
  revision: number;
  is_ended: boolean;
  problem: Optional<string>;
};

export type OutboxTable = {
  id: Generated<number>;
  kind: string;
  run_id: string;
  payload: Json;
  created_at: GeneratedInstant;
};

export type RunTable = {
  run_id: string;
  workflow_name: string;
  workflow_version: number;
  generation: Generated<number>;
  request_id: Optional<string>;
  request_digest: Optional<string>;
  state: string;
  trigger: string;
  parameters: Json;
  failure: OptionalJson;
  cancel_reason: Optional<string>;
  revision: Generated<number>;
  event_sequence: Generated<number>;
  created_at: Instant;
  started_at: OptionalInstant;
  ended_at: OptionalInstant;
  deadline_at: Instant;
  cancel_requested_at: OptionalInstant;
  wake_at: OptionalInstant;
  trace_id: string;
  span_id: string;
  trace_flags: number;
  link_traceparent: Optional<string>;
  cancel: OptionalJson;
  retry_of: Optional<string>;
  parent_run_id: Optional<string>;
  parent_task_index: Optional<number>;
  parent_epoch: Optional<number>;
  depth: Generated<number>;
  ignores_known: Generated<boolean>;
  annotations: OptionalJson;
  group_id: Optional<string>;
  is_exclusive: Generated<boolean>;
};

export type RunCountTable = {
  day: Date;
  workflow_name: string;
  run_by: string;
  state: string;
  runs: number;
};

export type RunCountProgressTable = {
  is_only: Generated<boolean>;
  cursor_run_id: Generated<string>;
  next_day: Generated<Date>;
};

export type RunEndTable = {
  run_end_id: Generated<number>;
  run_id: string;
  workflow_name: string;
  state: string;
  recorded_at: GeneratedInstant;
};

export type RunEventBatchTable = {
  run_id: string;
  first_sequence: number;
  last_sequence: number;
  occurred_at: Instant;
  before: Json;
  events: Json;
};

export type RunPlaceTable = {
  run_id: string;
  key: string;
  position: Generated<number>;
  is_taken: Generated<boolean>;
};

export type RunRequestTable = {
  request_id: string;
  run_id: string;
  request_digest: Optional<string>;
};

export type RunUncountedTable = {
  run_id: string;
};

export type SavedViewTable = {
  view_id: string;
  owner: string;
  name: string;
  address: string;
  shared: Generated<boolean>;
  updated_at: GeneratedInstant;
};

export type ScheduleTable = {
  schedule_id: string;
  workflow_name: string;
  name: string;
  definition: Json;
  revision: Generated<number>;
  is_paused: boolean;
  is_deleted: Generated<boolean>;
  changed_at: GeneratedInstant;
  created_at: GeneratedInstant;
};

export type SchedulePaceTable = {
  is_only: Generated<boolean>;
  next_at: Instant;
};

export type ScheduleSlotTable = {
  schedule_id: string;
  slot_at: Instant;
  state: string;
  due_at: Instant;
  start_at: Instant;
  reason: Generated<string>;
  request_id: Optional<string>;
  run_id: Optional<string>;
  is_open: Generated<boolean>;
  tzdata_version: string;
  decided_at: OptionalInstant;
};

export type ScheduleStateTable = {
  schedule_id: string;
  workflow_name: string;
  revision: number;
  definition: Json;
  is_active: boolean;
  cursor_at: Instant;
  look_at: OptionalInstant;
  last_start_at: GeneratedInstant;
  claim: Optional<string>;
  claimed_until: OptionalInstant;
};

export type TaskResultTable = {
  key: string;
  run_id: string;
  made_at: Instant;
  expires_at: Instant;
  rows: number;
  bytes: number;
  dataset: Json;
};

export type TaskRunTable = {
  run_id: string;
  task_index: number;
  task_id: string;
  type: string;
  state: string;
  epoch: Generated<number>;
  attempt_count: Generated<number>;
  loss_count: Generated<number>;
  ready_at: OptionalInstant;
  started_at: OptionalInstant;
  ended_at: OptionalInstant;
  next_attempt_at: OptionalInstant;
  state_deadline_at: OptionalInstant;
  rows: Generated<number>;
  bytes: Generated<number>;
  peak_memory_bytes: Generated<number>;
  dataset: OptionalJson;
  failure: OptionalJson;
  span_id: string;
  pool: Generated<string>;
  lane: Generated<string>;
  rank_at: Optional<number>;
  extra: OptionalJson;
  answer: OptionalJson;
  place_key: Optional<string>;
  place_limit: Optional<number>;
  labels: Optional<string[]>;
  generation: Generated<number>;
  known_from: Optional<string>;
};

export type WorkflowTable = {
  name: string;
  description: Generated<string>;
  latest_version: number;
  task_count: number;
  is_deleted: Generated<boolean>;
  created_at: GeneratedInstant;
  updated_at: GeneratedInstant;
};

export type WorkflowMetadataTable = {
  workflow_name: string;
  name: string;
  value: Json;
  run_id: string;
  task_id: string;
  epoch: number;
  recorded_at: GeneratedInstant;
};

export type WorkflowVersionTable = {
  workflow_name: string;
  version: number;
  source: string;
  document: Json;
  digest: string;
  task_schemas: GeneratedJson;
  created_at: GeneratedInstant;
};

/** The rows of schema `floe`, named as in SQL. */
export type FloeTables = {
  api_token: ApiTokenTable;
  artifact: ArtifactTable;
  attempt: AttemptTable;
  audit_entry: AuditEntryTable;
  backfill: BackfillTable;
  backfill_slot: BackfillSlotTable;
  connection: ConnectionTable;
  exclusive_run: ExclusiveRunTable;
  executor: ExecutorTable;
  legacy_dependency: LegacyDependencyTable;
  legacy_node: LegacyNodeTable;
  legacy_node_run: LegacyNodeRunTable;
  legacy_quarantine: LegacyQuarantineTable;
  legacy_run: LegacyRunTable;
  legacy_run_count: LegacyRunCountTable;
  legacy_run_place: LegacyRunPlaceTable;
  legacy_workflow: LegacyWorkflowTable;
  lineage_dataset: LineageDatasetTable;
  lineage_edge: LineageEdgeTable;
  metric: MetricTable;
  notice: NoticeTable;
  notice_cursor: NoticeCursorTable;
  notice_destination: NoticeDestinationTable;
  notice_gap: NoticeGapTable;
  notice_rules: NoticeRulesTable;
  old_table: OldTableTable;
  old_table_progress: OldTableProgressTable;
  old_table_run: OldTableRunTable;
  outbox: OutboxTable;
  run: RunTable;
  run_count: RunCountTable;
  run_count_progress: RunCountProgressTable;
  run_end: RunEndTable;
  run_event_batch: RunEventBatchTable;
  run_place: RunPlaceTable;
  run_request: RunRequestTable;
  run_uncounted: RunUncountedTable;
  saved_view: SavedViewTable;
  schedule: ScheduleTable;
  schedule_pace: SchedulePaceTable;
  schedule_slot: ScheduleSlotTable;
  schedule_state: ScheduleStateTable;
  task_result: TaskResultTable;
  task_run: TaskRunTable;
  workflow: WorkflowTable;
  workflow_metadata: WorkflowMetadataTable;
  workflow_version: WorkflowVersionTable;
};
