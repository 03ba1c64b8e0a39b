import { assert } from '@floe/errors';
import type { FrameNode, JoinKind } from '../frame-plan.ts';
import { writeJson } from '../json.ts';
import { oneOf } from './bounds.ts';
import { integerLiteral } from './shapes.ts';
import type { Context } from './operation-context.ts';

const JOIN_KINDS: readonly JoinKind[] = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'cross'];
const ROW_ORDERS = ['none', 'left', 'right', 'left_right', 'right_left'] as const;

export function lowerJoin(context: Context): number {
  const { input, add, expressions, frames, text, textOrNull, flag, flagOrNull } = context;
  const [right] = frames('other');
  assert(right !== undefined, 'a join has another frame');
  const on = expressions('on').map(writeJson);
  const how = text('how') === 'outer' ? 'full' : text('how');
  if (how === 'cross') return add(allPairs(input, right, text('suffix')));
  const order = textOrNull('maintain_order');
  return add({
    op: 'join',
    left: input,
    right,
    how: oneOf('how', how, JOIN_KINDS),
    leftOn: on.length > 0 ? on : expressions('left_on').map(writeJson),
    rightOn: on.length > 0 ? on : expressions('right_on').map(writeJson),
    suffix: text('suffix'),
    coalesce: flagOrNull('coalesce'),
    nullsEqual: flag('nulls_equal'),
    validate: oneOf('validate', text('validate'), ['m:m', '1:1', '1:m', 'm:1'] as const),
    maintainOrder: order === null ? null : oneOf('maintain_order', order, ROW_ORDERS),
  });
}

const ONE = writeJson(integerLiteral(1));

/**
 * A cross join as a join on a constant. Polars makes another join of a cross join and a filter after it, which the
 * engine that writes datasets lacks: it panics.
 */
function allPairs(left: number, right: number, suffix: string): FrameNode {
  return {
    op: 'join',
    left,
    right,
    how: 'inner',
    leftOn: [ONE],
    rightOn: [ONE],
    suffix,
    coalesce: false,
    nullsEqual: false,
    validate: 'm:m',
    maintainOrder: 'left_right',
  };
}

/** All pairs of rows, of which those stay for which the predicates hold: see allPairs. */
export function lowerJoinWhere({ input, add, frames, expressions, text }: Context): number {
  const [right] = frames('other');
  assert(right !== undefined, 'a join has another frame');
  const pairs = add(allPairs(input, right, text('suffix')));
  return expressions('predicates').reduce<number>(
    (from, predicate) => add({ op: 'filter', input: from, predicate: writeJson(predicate) }),
    pairs,
  );
}

const STRATEGIES = ['backward', 'forward', 'nearest'] as const;

export function lowerJoinAsof(context: Context): number {
  const { input, add, frames, names, text, flag, literal } = context;
  const [right] = frames('other');
  assert(right !== undefined, 'a join has another frame');
  const key = (side: string): string => (names('on') ?? names(side))?.[0] ?? '';
  const by = names('by');
  const tolerance = literal('tolerance');
  return add({
    op: 'join_asof',
    left: input,
    right,
    leftOn: key('left_on'),
    rightOn: key('right_on'),
    leftBy: by ?? names('by_left') ?? [],
    rightBy: by ?? names('by_right') ?? [],
    strategy: oneOf('strategy', text('strategy'), STRATEGIES),
    suffix: text('suffix'),
    tolerance: 'value' in tolerance ? tolerance.value : null,
    isTimeTolerance: tolerance.kind === 'string',
    coalesce: flag('coalesce'),
    allowExactMatches: flag('allow_exact_matches'),
  });
}
