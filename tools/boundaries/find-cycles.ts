/** An edge of a graph, and the place that makes it. */
export type Edge = {
  readonly from: string;
  readonly to: string;
  readonly file: string;
  readonly line: number;
};

/** A way through edges that ends where it starts. */
export type Cycle = readonly Edge[];

/**
 * Finds a cycle for every edge that closes one in a walk through the graph: at least one of each group of nodes that
 * reach each other. Takes as long as the graph has edges, times the length of the cycles that it finds.
 */
export function findCycles(edges: readonly Edge[]): readonly Cycle[] {
  const leaving = Map.groupBy(edges, ({ from }) => from);
  const done = new Set<string>();
  const cycles: Cycle[] = [];
  const visit = (node: string, way: readonly Edge[]): void => {
    for (const edge of leaving.get(node) ?? []) {
      const start = edge.to === node ? way.length : way.findIndex(({ from }) => from === edge.to);
      if (start >= 0) cycles.push([...way.slice(start), edge]);
      else if (!done.has(edge.to)) visit(edge.to, [...way, edge]);
    }
    done.add(node);
  };
  for (const node of leaving.keys()) if (!done.has(node)) visit(node, []);
  return cycles;
}
