import type { Dependency, LegacyNode } from './legacy-workflow.ts';
import type { Reading } from './reading.ts';

export type Graph = {
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Nodes, each after its parents; undefined when that cannot be. */
  readonly order: readonly LegacyNode[] | undefined;
};

/** Puts nodes into order and says what is wrong with their edges. */
export function checkGraph(
  nodes: readonly LegacyNode[],
  dependencies: readonly Dependency[],
  reading: Reading,
): Graph {
  const ids = new Map(nodes.map((node) => [node.id, node]));
  const known = dependencies.filter(({ child, parent }) => {
    for (const id of [child, parent]) {
      if (!ids.has(id))
        reading.refuse('dependencies', `name the node ${JSON.stringify(id)}, which is not there`);
    }
    return ids.has(child) && ids.has(parent);
  });
  const parents = groups(known, 'child', 'parent');
  const children = groups(known, 'parent', 'child');
  const order = inOrder(nodes, parents, children);
  if (order.length < nodes.length) {
    const done = new Set(order);
    const cycle = findCycle(
      nodes.filter((node) => !done.has(node)).map(({ id }) => id),
      parents,
    );
    reading.refuse('dependencies', `go in a circle: ${cycle.join(' → ')}`);
  }
  const graph = { parents, children, order: order.length < nodes.length ? undefined : order };
  for (const node of nodes) checkPlace(node, graph, reading);
  return graph;
}

function groups(
  dependencies: readonly Dependency[],
  by: keyof Dependency,
  list: keyof Dependency,
): ReadonlyMap<string, readonly string[]> {
  const grouped = Map.groupBy(dependencies, (each) => each[by]);
  return new Map([...grouped].map(([id, each]) => [id, each.map((edge) => edge[list])]));
}

function inOrder(
  nodes: readonly LegacyNode[],
  parents: Graph['parents'],
  children: Graph['children'],
): LegacyNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waits = new Map(nodes.map(({ id }) => [id, parents.get(id)?.length ?? 0]));
  const order = nodes.filter(({ id }) => waits.get(id) === 0);
  // Grows while it is gone through: each node once, when its last parent has come.
  for (const { id } of order) {
    for (const child of children.get(id) ?? []) {
      const left = (waits.get(child) ?? 0) - 1;
      waits.set(child, left);
      const node = byId.get(child);
      if (left === 0 && node !== undefined) order.push(node);
    }
  }
  return order;
}

/** Every node that is left over has a parent that is left over: following them comes back to one. */
function findCycle(left: readonly string[], parents: Graph['parents']): string[] {
  const leftover = new Set(left);
  const seen: string[] = [];
  let id = left[0];
  while (id !== undefined && !seen.includes(id)) {
    seen.push(id);
    id = parents.get(id)?.find((parent) => leftover.has(parent));
  }
  const circle = seen.slice(id === undefined ? 0 : seen.indexOf(id)).toReversed();
  return [...circle.slice(0, CYCLE_SHOWN_MAX), circle[0] ?? ''];
}

// A longer circle is read by nobody.
const CYCLE_SHOWN_MAX = 12;

/** Sequence and category agree with the graph in sane documents; where they do not, it is said. */
function checkPlace(node: LegacyNode, graph: Graph, reading: Reading): void {
  const parents = graph.parents.get(node.id)?.length ?? 0;
  const children = graph.children.get(node.id)?.length ?? 0;
  const { path, kind, name } = node;
  if (kind === 'source' && parents > 0) {
    reading.note(path, `${name} is a source and has ${parents} parents; it only waits for them`);
  }
  if (kind === 'target' && children > 0) {
    reading.note(path, `${name} is a target and has children; they get the rows that it loads`);
  }
  if (kind !== 'target' && children === 0 && graph.children.size > 0) {
    reading.note(path, `${name} is a ${kind} and nothing comes after it`);
  }
  if (kind !== 'source' && parents === 0) {
    reading.refuse(path, `${name} is a ${kind} without a parent, so it has no rows`);
  }
}
