import type { ImpactedDataset } from '@floe/rpc/contracts';
import type { FoundEdge } from './follow-lineage.ts';

type Gathered = {
  readonly depth: number;
  readonly columns: Set<string>;
  readonly workflows: Set<string>;
  isWhole: boolean;
  isByValue: boolean;
};

/** The datasets at the far ends of edges that were followed downwards, nearest first, each once. */
export function impactedDatasets(edges: readonly FoundEdge[]): ImpactedDataset[] {
  const gathered = new Map<string, Gathered>();
  for (const { row, depth } of edges) {
    const known = gathered.get(row.target);
    const each = known ?? {
      depth,
      columns: new Set<string>(),
      workflows: new Set<string>(),
      isWhole: false,
      isByValue: false,
    };
    if (known === undefined) gathered.set(row.target, each);
    if (row.target_column === '') each.isWhole = true;
    else each.columns.add(row.target_column);
    each.workflows.add(row.workflow_name);
    if (row.how === 'value') each.isByValue = true;
  }
  return [...gathered].map(([dataset, each]) => ({
    dataset,
    // All of its rows depend on it, so naming some columns would say less.
    columns: each.isWhole ? [] : [...each.columns].toSorted(),
    depth: each.depth,
    workflowNames: [...each.workflows].toSorted(),
    byValue: each.isByValue,
  }));
}
