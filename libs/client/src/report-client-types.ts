import type { PageOptions } from './page-options.ts';
import type { Impact, Lineage, RunLineage } from './lineage-types.ts';
import type {
  FreshnessState,
  Metric,
  Overview,
  RunComparison,
  RunReport,
  TableFreshness,
  TrendStep,
  WorkflowReport,
} from './report-types.ts';

/** Of a table like `analytics.late_flights`, its column behind it or in `column`; or a full name from an answer. */
export type DatasetQuestion = {
  readonly dataset: string;
  readonly column?: string;
  /** 1 to 20. */
  readonly depth?: number;
};

/** The table or column that is asked for, and which way. */
export type LineageQuestion = PageOptions & DatasetQuestion & { readonly direction: 'up' | 'down' };

/** The time that a report is about. */
export type WorkflowReportOptions = {
  /** Only runs created at or after this instant, RFC 3339; the last 30 days when absent. */
  readonly fromTime?: string;
  /** Only runs created before this instant; now when absent. */
  readonly toTime?: string;
  readonly step?: TrendStep;
};

/** Which numbers of a run are asked for. */
export type MetricOptions = PageOptions & { readonly taskId?: string; readonly name?: string };

/** Which tables are asked for. */
export type FreshnessOptions = PageOptions & {
  readonly workflowName?: string;
  readonly states?: readonly FreshnessState[];
};

/** What was measured, and where rows come from and go to. */
export type ReportClient = {
  getRunReport(runId: string): Promise<RunReport>;
  /** How two runs differ, of one workflow or of two. */
  compareRuns(baseRunId: string, otherRunId: string): Promise<RunComparison>;
  /** What went from task to task in a run, with counts, sizes and checksums. */
  getRunLineage(runId: string): Promise<RunLineage>;
  listMetrics(
    runId: string,
    options?: MetricOptions,
  ): Promise<{ readonly metrics: readonly Metric[]; readonly nextPageToken: string }>;
  getWorkflowReport(name: string, options?: WorkflowReportOptions): Promise<WorkflowReport>;
  /** What needs somebody now, and how things have gone. */
  getOverview(options?: { readonly step?: TrendStep }): Promise<Overview>;
  /** Where a table or column comes from, or who uses it. */
  getLineage(question: LineageQuestion): Promise<Lineage>;
  /** Who is affected when a table or column changes. */
  getImpact(question: DatasetQuestion): Promise<Impact>;
  /** When tables and files were last loaded, and whether that is as their schedules want it. */
  listFreshness(
    options?: FreshnessOptions,
  ): Promise<{ readonly tables: readonly TableFreshness[]; readonly nextPageToken: string }>;
};
