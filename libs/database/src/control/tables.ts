import type { ColumnType, Generated } from 'kysely';
import type { LegacyTables } from './legacy-tables.ts';

/** Milliseconds since 1970 when read; a Date when written. */
type Instant = ColumnType<number, Date, Date>;
type OptionalInstant = ColumnType<number | null, Date | null | undefined, Date | null>;
/** JSON is written as text and read as a value. */
type Json = ColumnType<unknown, string, string>;
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;
type OptionalJson = ColumnType<unknown, string | null | undefined, string | null>;

export type WorkflowTable = {
  name: string;
  description: Generated<string>;
  latest_version: number;
  task_count: number;
  is_deleted: Generated<boolean>;
  created_at: ColumnType<number, never, never>;
  updated_at: ColumnType<number, Date | undefined, Date>;
};

export type WorkflowVersionTable = {
  workflow_name: string;
  version: number;
  source: string;
  document: Json;
  digest: string;
  task_schemas: Json;
  created_at: ColumnType<number, never, never>;
};

export type ConnectionTable = {
  name: string;
  host: string;
  port: number;
  database: string;
  username: string;
  secret_reference: string;
  ssl_mode: string;
  created_at: ColumnType<number, never, never>;
  updated_at: ColumnType<number, Date | undefined, Date>;
};

export type ScheduleTable = {
  schedule_id: string;
  workflow_name: string;
  name: string;
  definition: Json;
  revision: Generated<number>;
  is_paused: boolean;
  is_deleted: Generated<boolean>;
  changed_at: ColumnType<number, Date | undefined, Date>;
  created_at: ColumnType<number, never, never>;
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
  created_at: ColumnType<number, never, never>;
};

export type ScheduleStateTable = {
  schedule_id: string;
  workflow_name: string;
  revision: number;
  definition: Json;
  is_active: boolean;
  cursor_at: Instant;
  look_at: OptionalInstant;
  last_start_at: Instant;
  claim: string | null;
  claimed_until: OptionalInstant;
};

export type ScheduleSlotTable = {
  schedule_id: string;
  slot_at: Instant;
  state: string;
  due_at: Instant;
  start_at: Instant;
  reason: string;
  request_id: string | null;
  run_id: string | null;
  is_open: boolean;
  tzdata_version: string;
  decided_at: OptionalInstant;
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
  request_id: string | null;
  request_digest: string;
  created_at: ColumnType<number, never, never>;
  ended_at: OptionalInstant;
};

export type BackfillSlotTable = {
  backfill_id: string;
  slot_at: Instant;
  schedule_id: string;
  state: string;
  request_id: string | null;
  requested_at: OptionalInstant;
  run_id: string | null;
  reason: string;
};

export type RunTable = {
  run_id: string;
  workflow_name: string;
  workflow_version: number;
  generation: Generated<number>;
  request_id: string | null;
  request_digest: string | null;
  state: string;
  trigger: string;
  parameters: Json;
  failure: OptionalJson;
  cancel_reason: string | null;
  revision: Generated<number>;
  event_sequence: Generated<number>;
  created_at: Instant;
  started_at: OptionalInstant;
  ended_at: OptionalInstant;
  deadline_at: Instant;
  cancel_requested_at: OptionalInstant;
  cancel: OptionalJson;
  wake_at: OptionalInstant;
  trace_id: string;
  span_id: string;
  trace_flags: number;
  link_traceparent: string | null;
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

export type ExclusiveRunTable = { workflow_name: string; run_id: string };

export type RunRequestTable = {
  request_id: string;
  run_id: string;
  request_digest: string | null;
};

export type RunPlaceTable = {
  run_id: string;
  key: string;
  position: Generated<number>;
  is_taken: Generated<boolean>;
};

export type TaskRunTable = {
  run_id: string;
  task_index: number;
  task_id: string;
  type: string;
  state: string;
  epoch: number;
  attempt_count: number;
  loss_count: number;
  ready_at: OptionalInstant;
  started_at: OptionalInstant;
  ended_at: OptionalInstant;
  next_attempt_at: OptionalInstant;
  state_deadline_at: OptionalInstant;
  rows: number;
  bytes: number;
  peak_memory_bytes: number;
  dataset: OptionalJson;
  failure: OptionalJson;
  span_id: string;
  pool: Generated<string>;
  lane: Generated<string>;
  rank_at: ColumnType<number | null, number | null | undefined, number | null>;
  extra: OptionalJson;
  answer: OptionalJson;
  place_key: Optional<string>;
  place_limit: Optional<number>;
  generation: Generated<number>;
  labels: Optional<string[]>;
  known_from: Optional<string>;
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

export type AttemptTable = {
  run_id: string;
  task_index: number;
  epoch: number;
  number: number;
  state: string;
  executor_id: string | null;
  token_hash: string | null;
  lease_until: OptionalInstant;
  ready_at: Instant;
  claimed_at: OptionalInstant;
  began_at: OptionalInstant;
  ended_at: OptionalInstant;
  rows: number;
  bytes: number;
  peak_memory_bytes: number;
  failure: OptionalJson;
  span_id: string;
  items: Optional<string>;
  place_key: Optional<string>;
};

export type OutboxTable = {
  id: Generated<number>;
  kind: string;
  run_id: string;
  payload: Json;
  created_at: ColumnType<number, never, never>;
};

export type RunEventBatchTable = {
  run_id: string;
  first_sequence: number;
  last_sequence: number;
  occurred_at: Instant;
  before: Json;
  events: Json;
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
  source_id: number | null;
  source_column: string;
  target_id: number;
  target_column: string;
  how: string;
  transformation: string;
  is_masked: boolean;
  certainty: string;
  is_current: Generated<boolean>;
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

/** The rows of schema `floe`, named as in SQL. */
export type FloeTables = LegacyTables & {
  workflow: WorkflowTable;
  workflow_version: WorkflowVersionTable;
  artifact: ArtifactTable;
  connection: ConnectionTable;
  schedule: ScheduleTable;
  schedule_state: ScheduleStateTable;
  schedule_slot: ScheduleSlotTable;
  backfill: BackfillTable;
  backfill_slot: BackfillSlotTable;
  run: RunTable;
  run_request: RunRequestTable;
  run_place: RunPlaceTable;
  exclusive_run: ExclusiveRunTable;
  task_run: TaskRunTable;
  task_result: TaskResultTable;
  attempt: AttemptTable;
  outbox: OutboxTable;
  run_event_batch: RunEventBatchTable;
  executor: ExecutorTable;
  lineage_dataset: LineageDatasetTable;
  lineage_edge: LineageEdgeTable;
};
