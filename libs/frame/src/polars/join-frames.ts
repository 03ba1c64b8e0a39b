/** Joins as Polars does them, but for the order of rows where it forgets that it was asked for one. */
import type { FrameNode } from '@floe/expression';
import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { withRowIndex } from './with-row-index.ts';

type JoinNode = Extract<FrameNode, { readonly op: 'join' }>;

type JoinOptions = Omit<JoinNode, 'op' | 'left' | 'right' | 'leftOn' | 'rightOn'> & {
  readonly leftOn: readonly Expr[];
  readonly rightOn: readonly Expr[];
};

export function joinFrames(
  left: LazyDataFrame,
  right: LazyDataFrame,
  options: JoinOptions,
): LazyDataFrame {
  const numbered = numberedSides(options);
  return numbered === undefined
    ? plainJoin(left, right, options)
    : sortedJoin(left, right, { ...options, maintainOrder: 'none' }, numbered);
}

// Names that no text of a user has: they hold a line break.
const LEFT_ROW = 'row of\nthe left';
const RIGHT_ROW = 'row of\nthe right';

/**
 * The sides by whose rows the result has to be sorted, the first before the second; undefined where Polars keeps the order
 * itself. nodejs-polars 0.26.1 keeps it among pairs, but the rows without a partner come in another order in every run;
 * Polars for Python 2.1.0 keeps it.
 */
function numberedSides({ how, maintainOrder }: JoinOptions): readonly string[] | undefined {
  if (maintainOrder === 'left_right' && (how === 'full' || how === 'right'))
    return [LEFT_ROW, RIGHT_ROW];
  if (maintainOrder === 'right_left' && (how === 'full' || how === 'left'))
    return [RIGHT_ROW, LEFT_ROW];
  return undefined;
}

function sortedJoin(
  left: LazyDataFrame,
  right: LazyDataFrame,
  options: JoinOptions,
  by: readonly string[],
): LazyDataFrame {
  return plainJoin(withRowIndex(left, LEFT_ROW), withRowIndex(right, RIGHT_ROW), options)
    .sort({ by: by.map((name) => pl.col(name)), nullsLast: by.map(() => true) })
    .drop([...by]);
}

/**
 * Polars takes expressions as keys and joins from the right too; the published types know neither, so the call goes
 * through this type.
 */
type JoinWithExpressions = (
  other: LazyDataFrame,
  options: Omit<JoinOptions, 'coalesce' | 'maintainOrder'> & {
    readonly coalesce: boolean | undefined;
    readonly maintainOrder: string | undefined;
  },
) => LazyDataFrame;

function plainJoin(left: LazyDataFrame, right: LazyDataFrame, options: JoinOptions): LazyDataFrame {
  const { how, leftOn, rightOn, suffix, nullsEqual, validate, coalesce, maintainOrder } = options;
  const joinWith = left.join.bind(left) as unknown as JoinWithExpressions;
  return joinWith(right, {
    how,
    leftOn,
    rightOn,
    suffix,
    nullsEqual,
    validate,
    coalesce: coalesce ?? undefined,
    maintainOrder: maintainOrder ?? undefined,
  });
}
