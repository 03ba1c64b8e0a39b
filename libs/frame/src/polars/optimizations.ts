import type { FrameNode, FramePlan } from '@floe/expression';

/** Options of `collect`; undefined: what Polars does by itself. */
export type Optimizations = typeof ALL | undefined;

const ALL = {
  typeCoercion: true,
  predicatePushdown: true,
  projectionPushdown: true,
  simplifyExpression: true,
  slicePushdown: true as boolean,
  commSubplanElim: true as boolean,
  commSubexprElim: true as boolean,
} as const;

export type Sharing = {
  /**
   * Whether what plans have in common is computed once; by default it is. nodejs-polars 0.26.1 aborts the process over some
   * plans in which shared parts share parts (`unreachable` in its `cache_states`), so that whoever tries again after an
   * abort should not share.
   */
  readonly sharesParts?: boolean;
};

/**
 * What Polars may do with a query of these plans. nodejs-polars 0.26.1 moves a slice into the join or the groups before
 * it, and then forgets that these were asked to keep their order when a sort, an aggregate or the like follows: the rows
 * of `group_by(..., maintain_order=True).agg(...).head(7).sort(...)` were others in every run. Where a slice and such
 * an order meet, slices therefore stay where they are written.
 */
export function optimizationsFor(
  plans: readonly FramePlan[],
  { sharesParts = true }: Sharing = {},
): Optimizations {
  const nodes = plans.flatMap((plan) => plan.nodes);
  const slices = nodes.some(isSlice) && nodes.some(keepsOrder);
  return allBut({ slices, values: nodes.some(gathers), parts: !sharesParts });
}

/**
 * The same of plans that are one query and mean what they mean one by one: a slice sees the rows of the task before as
 * they would be stored. Moved into a sort, it would choose among equal rows in its own way.
 */
export function optimizationsForStage(
  plans: readonly FramePlan[],
  { sharesParts = true }: Sharing = {},
): Optimizations {
  const nodes = plans.flatMap((plan) => plan.nodes);
  return allBut({ slices: nodes.some(isSlice), values: nodes.some(gathers), parts: !sharesParts });
}

/** Without moving slices, without sharing equal values, without sharing equal parts of plans. */
function allBut(without: Readonly<Record<'slices' | 'values' | 'parts', boolean>>): Optimizations {
  const { slices, values, parts } = without;
  if (!slices && !values && !parts) return undefined;
  return { ...ALL, slicePushdown: !slices, commSubexprElim: !values, commSubplanElim: !parts };
}

function isSlice(node: FrameNode): boolean {
  return node.op === 'slice' || node.op === 'tail';
}

function keepsOrder(node: FrameNode): boolean {
  if (node.op === 'join') return node.maintainOrder !== null && node.maintainOrder !== 'none';
  return node.op === 'group_by' && node.maintainOrder;
}

/**
 * Whether values are taken by a list of places, in whatever expression of the node. Two columns that are taken by the same list
 * share it: nodejs-polars 0.26.1 then puts the list beside the rows, of which there are as many or it fails; in groups it
 * takes the list once for each row.
 */
export function gathers(node: FrameNode): boolean {
  return Object.values(node)
    .flat()
    .some((part) => typeof part === 'string' && part.includes('"Gather"'));
}
