import type { ConcatKind, ExpressionJson, FrameNode } from '@floe/expression';
import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { joinFrames } from './join-frames.ts';
import { withRowIndex } from './with-row-index.ts';

export type Frames = {
  /** The frame of an upstream task. */
  input(name: string): LazyDataFrame;
  /** The frame of an earlier node. */
  node(index: number): LazyDataFrame;
};

type Node<Op extends FrameNode['op']> = Extract<FrameNode, { readonly op: Op }>;

/** The lazy frame of one node of a plan: nothing is computed. */
export function applyFrameNode(node: FrameNode, frames: Frames): LazyDataFrame {
  switch (node.op) {
    case 'input':
      return frames.input(node.name);
    case 'filter':
      return frames.node(node.input).filter(expression(node.predicate));
    case 'select':
      return frames.node(node.input).select(...expressions(node.expressions));
    case 'with_columns':
      return frames.node(node.input).withColumns(...expressions(node.expressions));
    case 'group_by':
      return groupBy(node, frames);
    case 'group_by_dynamic':
    case 'group_by_rolling':
      return groupByWindow(node, frames);
    case 'group_rows':
      return groupRows(node, frames);
    case 'join':
      return join(node, frames);
    case 'join_asof':
      return joinAsof(node, frames);
    case 'sort':
      return sort(node, frames);
    case 'unique':
      return unique(node, frames);
    case 'concat':
      return concat(node, frames);
    case 'sql':
      return sql(node, frames);
    default:
      return applyColumnNode(node, frames.node(node.input));
  }
}

type ColumnNode = Node<
  | 'slice'
  | 'tail'
  | 'reverse'
  | 'rename'
  | 'drop'
  | 'drop_nulls'
  | 'explode'
  | 'unnest'
  | 'unpivot'
  | 'with_row_index'
>;

function applyColumnNode(node: ColumnNode, frame: LazyDataFrame): LazyDataFrame {
  switch (node.op) {
    case 'slice':
      return slice(node, frame);
    case 'tail':
      return frame.tail(node.length);
    case 'reverse':
      return frame.reverse();
    case 'rename':
      return frame.rename(Object.fromEntries(node.names));
    case 'drop':
      return frame.drop([...node.columns]);
    case 'drop_nulls':
      return node.subset === null ? frame.dropNulls() : frame.dropNulls([...node.subset]);
    case 'explode':
      return frame.explode([...node.columns]);
    case 'unnest':
      return frame.unnest([...node.columns]);
    case 'unpivot': {
      const { variableName, valueName } = node;
      const on = node.on ?? without(frame.columns, node.index);
      return frame.unpivot([...node.index], [...on], { variableName, valueName });
    }
    case 'with_row_index':
      return withRowIndex(frame, node.name, node.offset);
  }
}

// Polars counts rows in 32 bits.
const ROWS_MAX = 4_294_967_295;

/**
 * A slice from the end is taken from its last rows. nodejs-polars 0.26.1, which streams what it writes, gives one row
 * too many for a slice from the end that ends before the last row, where `shift` made one of the columns.
 */
function slice({ offset, length }: Node<'slice'>, frame: LazyDataFrame): LazyDataFrame {
  if (offset >= 0) return frame.slice({ offset, length });
  const last = frame.tail(Math.min(-offset, ROWS_MAX));
  if (length >= -offset) return last;
  return last
    .reverse()
    .slice({ offset: -offset - length, length })
    .reverse();
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}

function expression(json: ExpressionJson): Expr {
  return pl.Expr.deserialize(Buffer.from(json), 'json');
}

function expressions(texts: readonly ExpressionJson[]): Expr[] {
  return texts.map(expression);
}

function groupBy(node: Node<'group_by'>, frames: Frames): LazyDataFrame {
  return frames
    .node(node.input)
    .groupBy(expressions(node.keys), node.maintainOrder)
    .agg(...expressions(node.aggregations));
}

type WindowNode = Node<'group_by_dynamic'> | Node<'group_by_rolling'>;

/** What Polars takes as windows; the published types narrow texts that the parser has checked. */
type WindowOptions = Parameters<LazyDataFrame['groupByDynamic']>[0];

function groupByWindow(node: WindowNode, frames: Frames): LazyDataFrame {
  const { index, keys, period, offset, closed } = node;
  const shared = { indexColumn: index, by: [...keys], period, offset, closed };
  const frame = frames.node(node.input);
  const groups =
    node.op === 'group_by_rolling'
      ? frame.groupByRolling(shared as Parameters<LazyDataFrame['groupByRolling']>[0])
      : frame.groupByDynamic({
          ...shared,
          every: node.every,
          includeBoundaries: node.includeBoundaries,
          label: node.label,
          startBy: node.startBy,
        } as WindowOptions);
  return groups.agg(...expressions(node.aggregations));
}

function groupRows(node: Node<'group_rows'>, frames: Frames): LazyDataFrame {
  const groups = frames.node(node.input).groupBy(expressions(node.keys), node.maintainOrder);
  return node.isFromEnd ? groups.tail(node.count) : groups.head(node.count);
}

function sort(node: Node<'sort'>, frames: Frames): LazyDataFrame {
  return frames.node(node.input).sort({
    by: expressions(node.by),
    descending: [...node.descending],
    nullsLast: [...node.nullsLast],
    maintainOrder: node.maintainOrder,
  });
}

function unique(node: Node<'unique'>, frames: Frames): LazyDataFrame {
  const { keep, maintainOrder } = node;
  const subset = node.subset === null ? undefined : [...node.subset];
  return frames.node(node.input).unique({ subset, keep, maintainOrder });
}

function join(node: Node<'join'>, frames: Frames): LazyDataFrame {
  const { left, right, leftOn, rightOn } = node;
  const keys = { leftOn: expressions(leftOn), rightOn: expressions(rightOn) };
  return joinFrames(frames.node(left), frames.node(right), { ...node, ...keys });
}

type AsofOptions = Parameters<LazyDataFrame['joinAsof']>[1];

function joinAsof(node: Node<'join_asof'>, frames: Frames): LazyDataFrame {
  const { leftOn, rightOn, strategy, suffix, coalesce, allowExactMatches, tolerance } = node;
  const isGrouped = node.leftBy.length > 0;
  return frames.node(node.left).joinAsof(frames.node(node.right), {
    leftOn,
    rightOn,
    ...(isGrouped ? { byLeft: [...node.leftBy], byRight: [...node.rightBy] } : {}),
    ...(tolerance === null
      ? {}
      : { tolerance: node.isTimeTolerance ? String(tolerance) : Number(tolerance) }),
    strategy,
    suffix,
    coalesce,
    allowExactMatches,
    // Polars cannot check the order within groups, and says so on stderr.
    checkSortedness: !isGrouped,
  } as AsofOptions);
}

function sql(node: Node<'sql'>, frames: Frames): LazyDataFrame {
  const context = pl.SQLContext(
    Object.fromEntries(node.inputs.map(({ name, node: index }) => [name, frames.node(index)])),
  );
  const frame = context.execute(node.query) as LazyDataFrame & { readonly _ldf?: unknown };
  // What Polars cannot do it does not throw: it gives the error in place of the frame, and the next call fails.
  const inner = frame._ldf;
  if (inner instanceof Error) throw inner;
  return frame;
}

const CONCAT_NAMES = {
  vertical: 'vertical',
  vertical_relaxed: 'verticalRelaxed',
  diagonal: 'diagonal',
  diagonal_relaxed: 'diagonalRelaxed',
  horizontal: 'horizontal',
} as const satisfies Record<ConcatKind, string>;

function concat(node: Node<'concat'>, frames: Frames): LazyDataFrame {
  const parts = node.inputs.map((index) => frames.node(index));
  return pl.concat(parts, { how: CONCAT_NAMES[node.how] });
}
