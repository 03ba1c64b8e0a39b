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

export type WorkflowReport = {
  readonly workflowName: string;
  readonly runCount: string;
  readonly failedCount: string;
  readonly durationP50Ms: string;
  readonly durationP95Ms: string;
  readonly recentRuns: readonly Run[];
};

export type Overview = {
  readonly runningCount: string;
  readonly queuedCount: string;
  readonly failedLastDayCount: string;
  readonly succeededLastDayCount: string;
  readonly oldestReadyMs: string;
  readonly time?: string;
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
