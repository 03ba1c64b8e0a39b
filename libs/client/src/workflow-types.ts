import type { JsonObject } from './json.ts';
import type { ColumnSchema } from './run-types.ts';

/** Whether a document is refused for it. */
export type ProblemSeverity =
  | 'PROBLEM_SEVERITY_UNSPECIFIED'
  | 'PROBLEM_SEVERITY_ERROR'
  | 'PROBLEM_SEVERITY_WARNING';

/** A workflow, as far as its name stands for it. */
export type Workflow = {
  readonly name: string;
  readonly description: string;
  readonly latestVersion: number;
  readonly createTime?: string;
  readonly updateTime?: string;
  readonly taskCount: number;
};

/** A task of a version, with what it reads from. */
export type WorkflowTask = {
  readonly taskId: string;
  readonly type: string;
  readonly description: string;
  readonly upstreamTaskIds: readonly string[];
  readonly columns: readonly ColumnSchema[];
};

/** A fact about a workflow that a task of type store_workflow_metadata stored. */
export type WorkflowMetadata = {
  readonly name: string;
  readonly value: string | number | boolean | null;
  readonly runId: string;
  readonly taskId: string;
  readonly time?: string;
};

/** A version of a workflow: its text, and what was made of it. It never changes. */
export type WorkflowVersion = {
  readonly workflowName: string;
  readonly version: number;
  readonly source: string;
  readonly document?: JsonObject;
  readonly digest: string;
  readonly createTime?: string;
  readonly tasks: readonly WorkflowTask[];
};

/** Something wrong in a document; lines and columns count from 1, 0 where there is no place. */
export type Problem = {
  readonly severity: ProblemSeverity;
  readonly field: string;
  readonly message: string;
  readonly hint: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
};

/** How a task would be run. */
export type ExplainedTask = {
  readonly taskId: string;
  readonly type: string;
  readonly upstreamTaskIds: readonly string[];
  readonly step: number;
  readonly sql: string;
  readonly columnsLeftOut: readonly string[];
  /** How it is shared among executors, or why it reads all partitions at once; empty where there are none. */
  readonly partitions: string;
  readonly rowsExtracted: string;
  /** The tasks that are one Polars plan with it, itself among them; empty where it is alone. */
  readonly stageTaskIds: readonly string[];
  readonly plan: readonly string[];
  readonly columns: readonly ColumnSchema[];
};
