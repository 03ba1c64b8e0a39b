import type { DatasetName } from './event.ts';

export type RunEnd = 'succeeded' | 'failed' | 'timed_out' | 'cancelled';

type Failure = { readonly code: string; readonly message: string };

/** A run or a task of it. Instants are milliseconds since 1970. */
type Work = {
  /** A UUID. */
  readonly runId: string;
  readonly startedAt: number;
  /** Absent while it goes on. */
  readonly end?: { readonly state: RunEnd; readonly at: number };
  readonly failure?: Failure;
};

export type LineageRun = Work & {
  readonly workflowName: string;
  /** The slot of its schedule, where one started it. */
  readonly nominalAt?: number;
  /** The run of which a task started this one. */
  readonly parent?: { readonly runId: string; readonly workflowName: string };
  readonly tasks: readonly LineageTask[];
};

export type LineageTask = Work & {
  readonly taskId: string;
  readonly type: string;
  /** Its query, with references to parameters as they are written. */
  readonly sql?: string;
  readonly reads: readonly LineageDataset[];
  readonly writes: readonly LineageDataset[];
};

export type LineageDataset = DatasetName & {
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  /** What was written; absent where nobody counted. */
  readonly rows?: number;
  readonly bytes?: number;
  /** Where its columns come from. */
  readonly edges?: readonly ColumnEdge[];
};

/** One column depends on another; an empty target stands for all rows of the dataset. */
export type ColumnEdge = {
  readonly source: DatasetName;
  readonly sourceColumn: string;
  readonly targetColumn: string;
  /** value, condition, filter, sort, window, group or join. */
  readonly how: string;
  /** identity, transformation or aggregation. */
  readonly transformation: string;
  readonly isMasked: boolean;
};
