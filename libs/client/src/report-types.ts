import type { Failure, Run, TaskState } from './run-types.ts';

/** What a task run did, in numbers; 64-bit integers as decimal text. */
export type TaskReport = {
  readonly taskId: string;
  readonly type: string;
  readonly state: TaskState;
  readonly attemptCount: number;
  readonly rows: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly queueMs: string;
  readonly runMs: string;
  readonly failure?: Failure;
  /** It made rows, and nobody has counted them: they were not stored. */
  readonly rowsUncounted: boolean;
  /** The run that made the result, when it was known already; empty otherwise. */
  readonly cachedFromRunId: string;
};

/** What a run did, in numbers; 64-bit integers as decimal text. */
export type RunReport = {
  readonly run?: Run;
  readonly tasks: readonly TaskReport[];
  readonly durationMs: string;
  readonly rowsExtracted: string;
  readonly rowsLoaded: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly attemptCount: number;
  readonly lostAttemptCount: number;
  readonly criticalPathTaskIds: readonly string[];
  /** What tasks of type update_metrics recorded, by task and name. */
  readonly metrics: readonly Metric[];
};

/** Nearest rank; all 0 for no values. */
export type Percentiles = {
  readonly count: string;
  readonly p50: string;
  readonly p90: string;
  readonly p99: string;
  readonly max: string;
};

/** How much time a point of a trend stands for. */
export type TrendStep = 'TREND_STEP_UNSPECIFIED' | 'TREND_STEP_HOUR' | 'TREND_STEP_DAY';

/** What was created in one hour or on one day (UTC). */
export type TrendPoint = {
  readonly time?: string;
  readonly runCount: string;
  readonly succeededCount: string;
  readonly failedCount: string;
  readonly durationP50Ms: string;
  readonly durationP90Ms: string;
  readonly rowsLoaded: string;
};

/** How one task of a workflow did over several runs. */
export type TaskStatistics = {
  readonly taskId: string;
  readonly type: string;
  readonly runCount: string;
  readonly failedCount: string;
  readonly durationMs?: Percentiles;
  readonly queueMs?: Percentiles;
  readonly rows: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly attemptCount: string;
};

/** How often runs failed for one reason. */
export type FailureCount = {
  readonly code: string;
  readonly taskId: string;
  readonly count: string;
  /** Of the newest. */
  readonly runId: string;
  readonly message: string;
};

/** How runs of a workflow went over a time. */
export type WorkflowReport = {
  readonly workflowName: string;
  readonly runCount: string;
  readonly failedCount: string;
  readonly succeededCount: string;
  readonly cancelledCount: string;
  readonly durationP50Ms: string;
  readonly durationP95Ms: string;
  readonly recentRuns: readonly Run[];
  readonly fromTime?: string;
  readonly toTime?: string;
  /** There are more runs than were looked at. */
  readonly truncated: boolean;
  readonly durationMs?: Percentiles;
  readonly queueMs?: Percentiles;
  readonly rowsExtracted: string;
  readonly rowsLoaded: string;
  readonly bytes: string;
  readonly peakMemoryBytes: string;
  readonly trend: readonly TrendPoint[];
  /** Slowest first. */
  readonly slowestTasks: readonly TaskStatistics[];
  /** Most frequent first. */
  readonly failures: readonly FailureCount[];
};

/** Why something needs a person. */
export type AttentionKind =
  | 'ATTENTION_KIND_UNCLAIMABLE'
  | 'ATTENTION_KIND_STUCK'
  | 'ATTENTION_KIND_FAILED'
  | 'ATTENTION_KIND_LATE'
  | 'ATTENTION_KIND_APPROVAL';

/** One thing that needs a person. */
export type Attention = {
  readonly kind: AttentionKind;
  readonly workflowName: string;
  readonly runId: string;
  readonly taskId: string;
  readonly reason: string;
  readonly sinceTime?: string;
  /** How many there are; the ids are those of the oldest. */
  readonly count: string;
};

/** What needs somebody, and how much goes on. */
export type Overview = {
  readonly runningCount: string;
  readonly queuedCount: string;
  readonly failedLastDayCount: string;
  readonly succeededLastDayCount: string;
  readonly oldestReadyMs: string;
  readonly time?: string;
  /** The most urgent first. */
  readonly attention: readonly Attention[];
  readonly attentionTruncated: boolean;
  readonly trend: readonly TrendPoint[];
  readonly isReplica: boolean;
  readonly replicaLagMs: string;
};

/** Empty where there is none. */
export type ValueDifference = {
  readonly name: string;
  readonly base: string;
  readonly other: string;
};

/** A task in both runs; of a task that only one has, the other side is absent. */
export type TaskDifference = {
  readonly taskId: string;
  readonly base?: TaskReport;
  readonly other?: TaskReport;
  readonly columns: readonly ValueDifference[];
  /** Both made a dataset, and its content is the same. */
  readonly sameContent: boolean;
};

/** How two runs differ. What is equal is left out, save for the tasks. */
export type RunComparison = {
  readonly base?: Run;
  readonly other?: Run;
  readonly tasks: readonly TaskDifference[];
  readonly parameters: readonly ValueDifference[];
  /** A unified diff; empty when both are of one version. */
  readonly documentDiff: string;
  readonly documentDiffTruncated: boolean;
  readonly baseDurationMs: string;
  readonly otherDurationMs: string;
};

/** Whether a table was loaded as its schedule promises. */
export type FreshnessState =
  | 'FRESHNESS_STATE_FRESH'
  | 'FRESHNESS_STATE_LATE'
  | 'FRESHNESS_STATE_UNSCHEDULED';

/** When a table or file was last loaded by one task. */
export type TableFreshness = {
  readonly dataset: string;
  readonly workflowName: string;
  readonly taskId: string;
  readonly state: FreshnessState;
  /** Of the last load that took effect; absent for none. */
  readonly loadTime?: string;
  readonly runId: string;
  readonly rows: string;
  /** When a schedule last wanted a load; absent without one. */
  readonly wantedTime?: string;
  readonly nextTime?: string;
  readonly latenessMs: string;
};

/** A number that a task measured. */
export type Metric = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Empty for one of the run itself. */
  readonly taskId: string;
  /** performance, resource_usage, data_quality, or what the task said. */
  readonly type: string;
  readonly time?: string;
};

/** What an attempt left for people. */
export type Artifact = {
  readonly artifactId: string;
  readonly runId: string;
  /** Empty for an artifact of the run itself. */
  readonly taskId: string;
  /** markdown, preview, check or plot. */
  readonly kind: string;
  readonly title: string;
  readonly mediaType: string;
  readonly createTime?: string;
};
