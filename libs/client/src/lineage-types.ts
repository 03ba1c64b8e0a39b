import type { TableFreshness } from './report-types.ts';

/** One step of lineage: what is made, of what, and how. */
export type LineageEdge = {
  readonly fromDataset: string;
  /** Empty: columns that are not known. */
  readonly fromColumn: string;
  readonly toDataset: string;
  /** Empty: all rows. */
  readonly toColumn: string;
  readonly kind: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly taskId: string;
  readonly transformation: string;
  readonly masked: boolean;
  readonly certainty: string;
  readonly depth: number;
};

/** Where a table or column comes from, or where it goes. */
export type Lineage = {
  readonly edges: readonly LineageEdge[];
  /** What the question was about, in full. */
  readonly dataset: string;
  readonly column: string;
  readonly truncated: boolean;
  readonly nextPageToken: string;
  /** The tasks that write it, each with its newest load. */
  readonly loads: readonly TableFreshness[];
};

/** A dataset that depends on what was asked about. */
export type ImpactedDataset = {
  readonly dataset: string;
  /** Whose values or rows depend on it; empty for all. */
  readonly columns: readonly string[];
  readonly depth: number;
  readonly workflowNames: readonly string[];
  /** Values come from it; false when it only decides which rows there are, and in which order. */
  readonly byValue: boolean;
};

/** Who is affected by a change of a column or dataset. */
export type Impact = {
  readonly dataset: string;
  readonly column: string;
  /** Nearest first. */
  readonly datasets: readonly ImpactedDataset[];
  readonly workflowNames: readonly string[];
  readonly truncated: boolean;
};

/** Rows that one task of a run made and another took, or that came from or went to a table or file. */
export type RunLineageEdge = {
  readonly from: string;
  readonly to: string;
  /** table: between a task and what lies outside; dataset: between two tasks. */
  readonly kind: string;
  readonly rows: string;
  readonly bytes: string;
  /** Of the content; empty where it is not known. */
  readonly checksum: string;
  readonly uri: string;
  readonly rowsUncounted: boolean;
};

/** What went from task to task in a run, and from and to tables and files. */
export type RunLineage = {
  readonly edges: readonly RunLineageEdge[];
  readonly truncated: boolean;
};
