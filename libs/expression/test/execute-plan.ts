import pl from 'nodejs-polars';
import type { ExpressionJson, FramePlan } from '../src/index.ts';
import type { FrameNode } from '../src/frame-plan.ts';

export type Lazy = ReturnType<ReturnType<typeof pl.DataFrame>['lazy']>;
type Source = Readonly<Record<string, Lazy>>;

const expression = (json: ExpressionJson) => pl.Expr.deserialize(Buffer.from(json), 'json');
const CONCAT = {
  vertical: 'vertical',
  vertical_relaxed: 'verticalRelaxed',
  diagonal: 'diagonal',
  diagonal_relaxed: 'diagonalRelaxed',
  horizontal: 'horizontal',
} as const;

/** Runs a plan in Polars, so that tests compare what the checker promises with what comes out. */
export function executePlan(
  plan: FramePlan,
  inputs: Source,
  engine: 'in-memory' | 'streaming' = 'in-memory',
): ReturnType<Lazy['collectSync']> {
  const done: Lazy[] = [];
  const at = (index: number): Lazy => done[index] as Lazy;
  for (const node of plan.nodes) done.push(run(node, at, inputs));
  return at(plan.output).collectSync({ engine });
}

const spelled = (selector: object, to: object): object => ({
  Cast: { expr: { Selector: { ByDType: selector } }, dtype: { Literal: to }, options: 'Strict' },
});
/** JSON has no NaN, no bytes and no decimals: these go as text, as in golden/record.py. */
const SPELLINGS: readonly object[] = [
  spelled('Float' as unknown as object, 'String' as unknown as object),
  spelled('Decimal' as unknown as object, 'String' as unknown as object),
  spelled('Categorical' as unknown as object, 'String' as unknown as object),
  {
    Function: {
      input: [{ Selector: { ByDType: { AnyOf: ['Binary'] } } }],
      function: { BinaryExpr: 'HexEncode' },
    },
  },
];

/** The rows of a frame in the form in which the corpus keeps them. */
export function rowsOf(frame: ReturnType<Lazy['collectSync']>): unknown {
  const spellings = SPELLINGS.map((json) => expression(JSON.stringify(json)));
  const text = frame
    .lazy()
    .withColumns(...spellings)
    .collectSync();
  return JSON.parse(text.writeJSON({ format: 'json' }).toString());
}

function unpivot(node: Extract<FrameNode, { op: 'unpivot' }>, frame: Lazy): Lazy {
  const on = node.on ?? frame.columns.filter((name: string) => !node.index.includes(name));
  const { variableName, valueName } = node;
  return frame.unpivot([...node.index], [...on], { variableName, valueName }) as Lazy;
}

function run(node: FrameNode, at: (index: number) => Lazy, inputs: Source): Lazy {
  switch (node.op) {
    case 'input':
      return inputs[node.name] as Lazy;
    case 'filter':
      return at(node.input).filter(expression(node.predicate));
    case 'select':
      return at(node.input).select(...node.expressions.map(expression));
    case 'with_columns':
      return at(node.input).withColumns(...node.expressions.map(expression)) as Lazy;
    case 'group_by':
      return at(node.input)
        .groupBy(node.keys.map(expression), node.maintainOrder)
        .agg(...node.aggregations.map(expression)) as Lazy;
    case 'group_by_dynamic':
      return at(node.input)
        .groupByDynamic({ ...node, indexColumn: node.index, by: [...node.keys] } as never)
        .agg(...node.aggregations.map(expression)) as Lazy;
    case 'group_by_rolling':
      return at(node.input)
        .groupByRolling({ ...node, indexColumn: node.index, by: [...node.keys] } as never)
        .agg(...node.aggregations.map(expression)) as Lazy;
    case 'group_rows': {
      const groups = at(node.input).groupBy(node.keys.map(expression), node.maintainOrder);
      return (node.isFromEnd ? groups.tail(node.count) : groups.head(node.count)) as Lazy;
    }
    case 'join_asof':
      return at(node.left).joinAsof(at(node.right), {
        ...node,
        ...(node.leftBy.length === 0
          ? { byLeft: undefined, byRight: undefined }
          : { byLeft: node.leftBy, byRight: node.rightBy }),
        tolerance:
          node.tolerance === null
            ? undefined
            : node.isTimeTolerance
              ? node.tolerance
              : Number(node.tolerance),
        checkSortedness: false,
      } as never) as unknown as Lazy;
    case 'unnest':
      return at(node.input).unnest([...node.columns]) as Lazy;
    case 'join':
      return at(node.left).join(at(node.right), {
        how: node.how,
        ...(node.how === 'cross'
          ? {}
          : { leftOn: node.leftOn.map(expression), rightOn: node.rightOn.map(expression) }),
        suffix: node.suffix,
        coalesce: node.coalesce ?? undefined,
        nullsEqual: node.nullsEqual,
        validate: node.validate,
        maintainOrder: node.maintainOrder ?? undefined,
      } as never) as unknown as Lazy;
    case 'sort':
      return at(node.input).sort({
        by: node.by.map(expression),
        descending: [...node.descending],
        nullsLast: [...node.nullsLast],
        maintainOrder: node.maintainOrder,
      }) as Lazy;
    case 'unique':
      return node.subset === null
        ? at(node.input).unique({ keep: node.keep, maintainOrder: node.maintainOrder })
        : at(node.input).unique({
            subset: [...node.subset],
            keep: node.keep,
            maintainOrder: node.maintainOrder,
          });
    case 'slice':
      return at(node.input).slice(node.offset, node.length);
    case 'tail':
      return at(node.input).tail(node.length);
    case 'reverse':
      return at(node.input).reverse();
    case 'rename':
      return at(node.input).rename(Object.fromEntries(node.names)) as Lazy;
    case 'drop':
      return at(node.input).drop([...node.columns]) as Lazy;
    case 'drop_nulls':
      return node.subset === null
        ? at(node.input).dropNulls()
        : at(node.input).dropNulls([...node.subset]);
    case 'explode':
      return at(node.input).explode(node.columns.map((name) => pl.col(name))) as Lazy;
    case 'unpivot':
      return unpivot(node, at(node.input));
    case 'with_row_index':
      return at(node.input).withRowIndex(node.name, node.offset) as Lazy;
    case 'sql':
      throw new Error('the corpus is Polars');
    case 'concat':
      return pl.concat(node.inputs.map(at), { how: CONCAT[node.how] });
  }
}
