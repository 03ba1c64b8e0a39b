import type { ConcatKind, ExpressionJson, FrameNode, JoinKind } from '@floe/expression';
import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';

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
    case 'join':
      return join(node, frames);
    case 'sort':
      return sort(node, frames);
    case 'unique':
      return unique(node, frames);
    case 'concat':
      return concat(node, frames);
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
  | 'unpivot'
  | 'with_row_index'
>;

function applyColumnNode(node: ColumnNode, frame: LazyDataFrame): LazyDataFrame {
  switch (node.op) {
    case 'slice':
      return frame.slice({ offset: node.offset, length: node.length });
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
    case 'unpivot': {
      const { variableName, valueName } = node;
      return frame.unpivot([...node.index], [...node.on], { variableName, valueName });
    }
    case 'with_row_index':
      return frame.withRowIndex(node.name, node.offset);
  }
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

/**
 * Polars takes expressions as keys and joins from the right too; the published types know neither, so the call goes
 * through this type.
 */
type JoinWithExpressions = (
  other: LazyDataFrame,
  options: {
    readonly how: JoinKind;
    readonly leftOn: readonly Expr[];
    readonly rightOn: readonly Expr[];
    readonly suffix: string;
    readonly nullsEqual: boolean;
    readonly coalesce: boolean | undefined;
    readonly maintainOrder: string | undefined;
  },
) => LazyDataFrame;

function join(node: Node<'join'>, frames: Frames): LazyDataFrame {
  const left = frames.node(node.left);
  const joinWith = left.join.bind(left) as unknown as JoinWithExpressions;
  return joinWith(frames.node(node.right), {
    how: node.how,
    leftOn: expressions(node.leftOn),
    rightOn: expressions(node.rightOn),
    suffix: node.suffix,
    nullsEqual: node.nullsEqual,
    coalesce: node.coalesce ?? undefined,
    maintainOrder: node.maintainOrder ?? undefined,
  });
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
