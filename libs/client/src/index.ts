export type {
  AppliedWorkflow,
  ExplainedWorkflow,
  FloeClient,
  ListRunsOptions,
  LogEntry,
  LogFilter,
  LogOptions,
  NewConnection,
  Reconnect,
  RunUpdate,
  StartRunOptions,
  StreamOptions,
  Approval,
  TailLogsOptions,
  ValidatedWorkflow,
} from './client.ts';
export type { PageOptions } from './page-options.ts';
export type {
  AuditEntry,
  AuditFilter,
  Caller,
  NewToken,
  Token,
  TokenScope,
} from './access-types.ts';
export type { NewView, View, ViewPage } from './view-types.ts';
export { readPastRuns } from './progress/past-runs.ts';
export type { PastRuns, PastTask } from './progress/past-runs.ts';
export { runLeftMs, taskLeft } from './progress/time-left.ts';
export type { RunProgress, TaskLeft } from './progress/time-left.ts';
export { createFloeClient } from './create-floe-client.ts';
export type { FloeClientOptions } from './create-floe-client.ts';
export type {
  Backfill,
  BackfillState,
  DstGap,
  DstOverlap,
  OverlapPolicy,
  Schedule,
  SchedulePreview,
  ScheduleSlot,
  ScheduleSlotState,
  StartBackfillOptions,
} from './schedule-types.ts';
export type { LogLine, RunEvent, TaskProgress } from './event-types.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type {
  Impact,
  ImpactedDataset,
  Lineage,
  LineageEdge,
  RunLineage,
  RunLineageEdge,
} from './lineage-types.ts';
export type {
  DatasetQuestion,
  FreshnessOptions,
  LineageQuestion,
  MetricOptions,
  WorkflowReportOptions,
} from './report-client-types.ts';
export type {
  Artifact,
  Attention,
  AttentionKind,
  FailureCount,
  FreshnessState,
  Metric,
  Overview,
  Percentiles,
  RunComparison,
  RunReport,
  TableFreshness,
  TaskDifference,
  TaskReport,
  TaskStatistics,
  TrendPoint,
  TrendStep,
  ValueDifference,
  WorkflowReport,
} from './report-types.ts';
export type {
  Attempt,
  AttemptState,
  ColumnSchema,
  Dataset,
  Failure,
  Run,
  RunState,
  TaskCounts,
  TaskItems,
  TaskRun,
  TaskState,
  TriggerKind,
} from './run-types.ts';
export type { Connection, Executor, ExecutorState, SslMode, SystemInfo } from './system-types.ts';
export type {
  ExplainedTask,
  Problem,
  ProblemSeverity,
  Workflow,
  WorkflowMetadata,
  WorkflowTask,
  WorkflowVersion,
} from './workflow-types.ts';
export type {
  ImportClient,
  ImportedConnection,
  ImportedWorkflow,
  ImportedRuns,
  ImportFinding,
  ImportOutcome,
  LegacyDocument,
  LegacyNodeRun,
  LegacyRun,
  QuarantinedDocument,
} from './import-types.ts';
export { WorkflowRun } from './workflow-run.ts';
export type { WorkflowRunOptions } from './workflow-run.ts';
export type {
  AddWorkflowRunPayload,
  AddedWorkflowRun,
  Breadcrumb,
  KilledWorkRun,
  LegacyStatus,
  LegacyUser,
  NodeStatusMessage,
  RunStatusMessage,
  WorkflowRunFilters,
  WorkflowRunItem,
  WorkflowRunLogLine,
  WorkflowRunPage,
  WorkflowRunReport,
  WorkflowRunStats,
  WorkflowRunStatsFilters,
  WorkflowRunStatsRow,
} from './workflow-run-types.ts';
export { subscribeEvents } from './nats-events.ts';
export type { FloeEvent, JetStream, SubscribeOptions } from './nats-events.ts';
