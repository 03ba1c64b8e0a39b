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

export type Lineage = {
  readonly edges: readonly LineageEdge[];
  /** What the question was about, in full. */
  readonly dataset: string;
  readonly column: string;
  readonly truncated: boolean;
  readonly nextPageToken: string;
};
