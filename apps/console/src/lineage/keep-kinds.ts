/**
 * Lineage without one kind of dependency: what can be reached by the others alone.
 *
 * DIRECT dependencies carry values; INDIRECT ones decide which rows there are or how they are arranged: filters, joins,
 * groups, sorts. The words are OpenLineage's.
 */
import type { Lineage, LineageEdge } from '@floe/client';

export type Kinds = 'all' | 'direct' | 'indirect';

export const KINDS: readonly (readonly [Kinds, word: string, means: string])[] = [
  ['all', 'All', 'Every dependency'],
  ['direct', 'Direct', 'Values that went from column to column'],
  ['indirect', 'Indirect', 'Filters, joins, groups and sorts: they decide which rows there are'],
];

export function parseKinds(word: string | null): Kinds {
  return KINDS.find(([kinds]) => kinds === word)?.[0] ?? 'all';
}

export const isDirect = ({ kind }: LineageEdge): boolean => kind === 'value';

type Place = { readonly dataset: string; readonly column: string };

/** The edges of a kind that still lead to what was asked about, `up` against their direction or `down` along it. */
export function keepKinds(lineage: Lineage, kinds: Kinds, direction: 'up' | 'down'): Lineage {
  if (kinds === 'all') return lineage;
  const wanted = lineage.edges.filter((edge) => isDirect(edge) === (kinds === 'direct'));
  const kept = new Set<LineageEdge>();
  let front: readonly Place[] = [lineage];
  while (front.length > 0) {
    const found = wanted.filter(
      (edge) => !kept.has(edge) && front.some((one) => begins(edge, direction, one)),
    );
    for (const edge of found) kept.add(edge);
    front = found.map((edge) => placeOf(edge, direction === 'up' ? 'from' : 'to'));
  }
  return { ...lineage, edges: lineage.edges.filter((edge) => kept.has(edge)) };
}

/** All rows of a dataset have to do with each of its columns. */
function begins(edge: LineageEdge, direction: 'up' | 'down', at: Place): boolean {
  const { dataset, column } = placeOf(edge, direction === 'up' ? 'to' : 'from');
  return dataset === at.dataset && (column === at.column || column === '' || at.column === '');
}

function placeOf(edge: LineageEdge, end: 'from' | 'to'): Place {
  return end === 'from'
    ? { dataset: edge.fromDataset, column: edge.fromColumn }
    : { dataset: edge.toDataset, column: edge.toColumn };
}
