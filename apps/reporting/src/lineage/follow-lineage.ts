import type { EdgePage, EdgeRow, LineageNode } from '../store/read-lineage.ts';

export type Direction = 'up' | 'down';

/** Reads the edges next to some nodes; a parameter, so that the walk needs no database. */
export type ReadEdges = (
  nodes: readonly LineageNode[],
  direction: Direction,
  page: EdgePage,
) => Promise<readonly EdgeRow[]>;

export type LineageWalk = {
  readonly start: LineageNode;
  readonly direction: Direction;
  /** Steps. */
  readonly depth: number;
  /** Edges in all. */
  readonly limit: number;
  /** Of the first step, where a page before ended. */
  readonly afterEdgeId: number;
};

export type FoundEdge = { readonly row: EdgeRow; readonly depth: number };

export type FoundLineage = { readonly edges: readonly FoundEdge[]; readonly isTruncated: boolean };

/**
 * Walks from a node along the edges, step by step, each edge and each node once: tables that are loaded from what they
 * feed end no walk. One query for each step.
 */
export async function followLineage(read: ReadEdges, walk: LineageWalk): Promise<FoundLineage> {
  const { direction, limit } = walk;
  const found = new Map<number, FoundEdge>();
  const visited = new Set([keyOf(walk.start)]);
  let nodes: readonly LineageNode[] = [walk.start];
  for (let depth = 1; depth <= walk.depth && nodes.length > 0; depth += 1) {
    const afterEdgeId = depth === 1 ? walk.afterEdgeId : 0;
    // One more than may be answered tells that there is more.
    const rows = await read(nodes, direction, { afterEdgeId, limit: limit + 1 });
    const fresh = rows.filter((row) => !found.has(row.edge_id));
    const room = limit - found.size;
    for (const row of fresh.slice(0, room)) found.set(row.edge_id, { row, depth });
    if (rows.length > limit || fresh.length > room)
      return { edges: [...found.values()], isTruncated: true };
    nodes = fresh.flatMap((row) => nextNode(row, direction, visited) ?? []);
  }
  return { edges: [...found.values()], isTruncated: false };
}

function nextNode(
  row: EdgeRow,
  direction: Direction,
  visited: Set<string>,
): LineageNode | undefined {
  const datasetId = direction === 'up' ? row.source_id : row.target_id;
  if (datasetId === null) return undefined;
  const column = direction === 'up' ? row.source_column : row.target_column;
  const node = { datasetId, column };
  if (visited.has(keyOf(node)) || visited.has(keyOf({ datasetId, column: '' }))) return undefined;
  visited.add(keyOf(node));
  return node;
}

function keyOf({ datasetId, column }: LineageNode): string {
  return `${datasetId}/${column}`;
}
