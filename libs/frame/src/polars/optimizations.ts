import type { FrameNode, FramePlan } from '@floe/expression';

/** Options of `collect`; undefined: what Polars does by itself. */
export type Optimizations = typeof ALL | undefined;

const ALL = {
  typeCoercion: true,
  predicatePushdown: true,
  projectionPushdown: true,
  simplifyExpression: true,
  slicePushdown: true as boolean,
  commSubplanElim: true,
  commSubexprElim: true as boolean,
} as const;

/**
 * What Polars may do with a query of these plans. nodejs-polars 0.26.1 moves a slice into the join or the groups before
 * it, and then forgets that these were asked to keep their order when a sort, an aggregate or the like follows: the rows
 * of `group_by(..., maintain_order=True).agg(...).head(7).sort(...)` were others in every run. Where a slice and such
 * an order meet, slices therefore stay where they are written.
 */
export function optimizationsFor(plans: readonly FramePlan[]): Optimizations {
  const nodes = plans.flatMap((plan) => plan.nodes);
  return allBut({ slices: nodes.some(isSlice) && nodes.some(keepsOrder), shared: gathers(nodes) });
}

/**
 * The same of plans that are one query and mean what they mean one by one: a slice sees the rows of the task before as
 * they would be stored. Moved into a sort, it would choose among equal rows in its own way.
 */
export function optimizationsForStage(plans: readonly FramePlan[]): Optimizations {
  const nodes = plans.flatMap((plan) => plan.nodes);
  return allBut({ slices: nodes.some(isSlice), shared: gathers(nodes) });
}

function allBut({ slices, shared }: Readonly<Record<'slices' | 'shared', boolean>>): Optimizations {
  if (!slices && !shared) return undefined;
  return { ...ALL, slicePushdown: !slices, commSubexprElim: !shared };
}

function isSlice(node: FrameNode): boolean {
  return node.op === 'slice' || node.op === 'tail';
}

function keepsOrder(node: FrameNode): boolean {
  if (node.op === 'join') return node.maintainOrder !== null && node.maintainOrder !== 'none';
  return node.op === 'group_by' && node.maintainOrder;
}

/**
 * Whether values are taken by a list of places. Two columns that are taken by the same list share it: nodejs-polars 0.26.1
 * then puts the list beside the rows, of which there are as many or it fails.
 */
function gathers(nodes: readonly FrameNode[]): boolean {
  return nodes.some(
    (node) => 'expressions' in node && node.expressions.some((text) => text.includes('"Gather"')),
  );
}
