/**
 * Lineage as a picture: datasets in columns from left to right, their columns as rows.
 *
 * 1. What was asked about stands in the middle; what it comes from left of it, what uses it right.
 * 2. A dataset stands once, as near to the middle as some way leads to it.
 */
import type { Lineage, LineageEdge } from '@floe/client';

export type LineageNode = {
  readonly dataset: string;
  /** Steps from the middle; negative for what it comes from. */
  readonly level: number;
  /** An empty name stands for all rows, or for columns that are not known. */
  readonly columns: readonly string[];
};

export type LineageModel = {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
};

export function lineageModel(up: Lineage, down: Lineage): LineageModel {
  const levels = new Map<string, number>([[up.dataset, 0]]);
  const columns = new Map<string, Set<string>>([[up.dataset, new Set([up.column])]]);
  const note = (dataset: string, column: string, level: number) => {
    const known = levels.get(dataset);
    if (known === undefined || Math.abs(level) < Math.abs(known)) levels.set(dataset, level);
    const names = columns.get(dataset) ?? new Set();
    columns.set(dataset, names.add(column));
  };
  for (const edge of up.edges) {
    note(edge.toDataset, edge.toColumn, 1 - edge.depth);
    note(edge.fromDataset, edge.fromColumn, -edge.depth);
  }
  for (const edge of down.edges) {
    note(edge.fromDataset, edge.fromColumn, edge.depth - 1);
    note(edge.toDataset, edge.toColumn, edge.depth);
  }
  const nodes = [...levels].map(([dataset, level]) => ({
    dataset,
    level,
    columns: [...(columns.get(dataset) ?? [])].toSorted(),
  }));
  return {
    nodes: nodes.toSorted((a, b) => a.level - b.level || a.dataset.localeCompare(b.dataset)),
    edges: [...up.edges, ...down.edges],
  };
}

/** The last part of a dataset's name, which people know it by. */
export function shortName(dataset: string): string {
  if (dataset === '') return 'no table known';
  return dataset.split('/').at(-1) ?? dataset;
}
