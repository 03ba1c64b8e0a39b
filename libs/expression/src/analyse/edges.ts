import type { LineageClass, Role } from '../catalogue/signature.ts';

/** In which way an input's column has a part in a result: `value` makes it, the others decide about it. */
export type How = Role | 'group' | 'join';

export type Transformation = 'identity' | 'transformation' | 'aggregation';

/** One column of an input from which a result comes. */
export type Edge = {
  readonly input: string;
  readonly column: string;
  readonly how: How;
  readonly transformation: Transformation;
  /** Whether the values can no longer be told from the result, as in a count. */
  readonly isMasked: boolean;
};

const RANK: readonly Transformation[] = ['identity', 'transformation', 'aggregation'];

type Step = { readonly lineage: LineageClass; readonly isAggregate: boolean; readonly role: Role };

/** Edges after one more step. What had an indirect part before keeps it. */
export function stepped(
  edges: readonly Edge[],
  { lineage, isAggregate, role }: Step,
): readonly Edge[] {
  if (role !== 'value') return indirect(edges, role);
  const isMasking = lineage === 'masking';
  const step: Transformation = isMasking
    ? isAggregate
      ? 'aggregation'
      : 'transformation'
    : lineage;
  return edges.map((edge) => {
    if (edge.how !== 'value') return edge;
    const transformation = later(edge.transformation, step);
    return { ...edge, transformation, isMasked: edge.isMasked || isMasking };
  });
}

export function indirect(edges: readonly Edge[], how: How): readonly Edge[] {
  return edges.map((edge) => (edge.how === 'value' ? { ...edge, how } : edge));
}

function later(a: Transformation, b: Transformation): Transformation {
  return RANK.indexOf(a) > RANK.indexOf(b) ? a : b;
}

/** Each column once for each way in which it takes part, in order of first appearance. */
export function mergeEdges(...groups: readonly (readonly Edge[])[]): readonly Edge[] {
  const merged = new Map<string, Edge>();
  for (const edge of groups.flat()) {
    const key = JSON.stringify([edge.input, edge.column, edge.how]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? edge : combined(known, edge));
  }
  return [...merged.values()];
}

function combined(a: Edge, b: Edge): Edge {
  return {
    ...a,
    transformation: later(a.transformation, b.transformation),
    isMasked: a.isMasked && b.isMasked,
  };
}
