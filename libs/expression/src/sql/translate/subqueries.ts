import type { Span } from '../../problems.ts';
import type { Expression, Frame } from '../../program.ts';
import type { SqlExpression, SqlSelect, SqlSelection } from '../sql-syntax.ts';
import { conjunctsOf, namesIn } from './conjuncts.ts';
import { columnOf, expressions, flag, frames, operation, text } from './frames.ts';
import { joinSource, type Joined } from './join-sources.ts';
import type { Scope } from './scope.ts';
import { polars, textSyntax } from './template.ts';
import { translateExpression } from './translate-expression.ts';

type Query = Extract<SqlExpression, { kind: 'inQuery' | 'exists' }>;

/** `x IN (SELECT ...)` and `EXISTS (SELECT ...)` keep or drop rows as a semi or an anti join does. */
export function joinSubquery(scope: Scope, frame: Frame, condition: Query): Frame {
  const select = plainSelect(condition.query);
  if (select !== null) return joinSelect(scope, frame, condition, select);
  if (condition.kind === 'inQuery') return joinList(scope, frame, condition);
  return scope.translation.unfollowed(
    condition.span,
    'EXISTS over a query with GROUP BY, LIMIT, UNION or several tables',
  );
}

/** A query of one table or join, which may name columns of the outer one. */
function joinSelect(scope: Scope, frame: Frame, condition: Query, select: SqlSelect): Frame {
  const { translation } = scope;
  const { span } = condition;
  const isAnti = condition.isNegated;
  const inner = joinSource(translation, select.from[0]!, scope.tables);
  const correlation = correlated(scope, inner, select);
  const filtered = correlation.filters.reduce<Frame>(
    (from, filter) =>
      operation('filter', from, { predicates: expressions([filter], filter.span) }, filter.span),
    inner.frame,
  );
  if (condition.kind === 'exists') {
    if (correlation.outer.length === 0)
      translation.unfollowed(span, 'EXISTS over a query that names no column of the outer one');
    return halfJoin(frame, filtered, { ...correlation, isAnti, span });
  }
  const [item] = select.items;
  if (item?.kind !== 'expression' || select.items.length !== 1)
    return translation.refuse(select.span, 'a query under IN gives one column');
  const own = innerScope(scope, inner);
  if (isAnti && correlation.outer.length > 0)
    translation.unfollowed(span, 'NOT IN over a query that names a column of the outer one');
  const keys = {
    outer: [bindOn(scope, condition.operand), ...correlation.outer],
    inner: [bindOn(own, item.value), ...correlation.inner],
  };
  const joined = halfJoin(frame, filtered, { ...keys, isAnti, span });
  if (!isAnti) return joined;
  const unsure = {
    joined,
    filtered,
    inner: own,
    key: condition.operand,
    innerKey: item.value,
    span,
  };
  return withoutUnsure(scope, unsure);
}

/** Any query of one column, on its own. */
function joinList(
  scope: Scope,
  frame: Frame,
  condition: Extract<Query, { kind: 'inQuery' }>,
): Frame {
  const { translation } = scope;
  const { operand, query, span, isNegated: isAnti } = condition;
  const list = translation.query(query, scope.tables);
  const state = translation.stateOf(list);
  const [column] = state.columns;
  if (column === undefined || state.columns.length !== 1)
    return translation.refuse(query.span, 'a query under IN gives one column');
  const name = { name: column.name, span: query.span };
  const keys = { outer: [bindOn(scope, operand)], inner: [columnOf(name)] };
  const joined = halfJoin(frame, list, { ...keys, isAnti, span });
  if (!isAnti) return joined;
  const innerKey: SqlExpression = { kind: 'name', parts: [name], span: query.span };
  const inner = { ...scope, frame: state, joined: new Map() };
  return withoutUnsure(scope, { joined, filtered: list, inner, key: operand, innerKey, span });
}

type Correlation = {
  readonly outer: readonly Expression[];
  readonly inner: readonly Expression[];
  readonly filters: readonly Expression[];
};

type HalfJoin = Omit<Correlation, 'filters'> & { readonly isAnti: boolean; readonly span: Span };

function halfJoin(left: Frame, right: Frame, { outer, inner, isAnti, span }: HalfJoin): Frame {
  const given = {
    other: frames([right], span),
    how: text(isAnti ? 'anti' : 'semi', span),
    left_on: expressions(outer, span),
    right_on: expressions(inner, span),
    coalesce: flag(false, span),
  };
  return operation('join', left, given, span);
}

/** The one SELECT of a query whose rows are those of its tables; null for any other query. */
function plainSelect(query: SqlSelection): SqlSelect | null {
  const { body, limit, offset } = query;
  if (query.with.length > 0 || limit !== null || offset !== null || body.kind !== 'select')
    return null;
  const isPlain = body.groupBy === null && body.having === null && body.qualify === null;
  if (!isPlain || body.from.length !== 1 || typeof body.distinct !== 'string') return null;
  const isComputed = body.items.some(
    ({ kind, ...item }) => kind === 'expression' && 'value' in item && item.value.kind === 'call',
  );
  return isComputed ? null : body;
}

function innerScope(scope: Scope, inner: Joined): Scope {
  const frame = scope.translation.stateOf(inner.frame);
  return { ...scope, frame, joined: inner.tables };
}

function bindOn(scope: Scope, expression: SqlExpression): Expression {
  const bound = scope.translation.bind(translateExpression(scope, expression));
  scope.translation.outputsOf([bound], scope.frame);
  const isAlias = bound.kind === 'call' && bound.method === 'alias' && bound.receiver !== null;
  return isAlias ? bound.receiver! : bound;
}

/** Splits the inner WHERE into keys that compare an inner with an outer column, and filters of the inner table. */
function correlated(scope: Scope, inner: Joined, { where }: SqlSelect): Correlation {
  const outer: Expression[] = [];
  const keys: Expression[] = [];
  const filters: Expression[] = [];
  const own = innerScope(scope, inner);
  for (const condition of where === null ? [] : conjunctsOf(where.condition)) {
    const names = namesIn(condition);
    const isInner = names.every(({ parts }) => isOf(own, parts));
    if (isInner) filters.push(bindOn(own, condition));
    else {
      const pair = keyPair(own, condition);
      if (pair === null)
        scope.translation.unfollowed(
          condition.span,
          'a condition between an inner and an outer query that is no `=` of columns',
        );
      else {
        keys.push(bindOn(own, pair[0]));
        outer.push(bindOn(scope, pair[1]));
      }
    }
  }
  return { outer, inner: keys, filters };
}

/** A qualified name is of the inner query if it has the table, another one if it has the column. */
function isOf(
  { joined, frame }: Scope,
  [first, second]: readonly { readonly name: string }[],
): boolean {
  if (first === undefined) return false;
  if (second !== undefined) return joined.has(first.name);
  return frame.columns.some(({ name }) => name === first.name);
}

function keyPair(
  inner: Scope,
  condition: SqlExpression,
): readonly [SqlExpression, SqlExpression] | null {
  if (condition.kind !== 'binary' || !/^==?$/.test(condition.operator)) return null;
  const { left, right } = condition;
  if (left.kind !== 'name' || right.kind !== 'name') return null;
  if (isOf(inner, left.parts)) return isOf(inner, right.parts) ? null : [left, right];
  return isOf(inner, right.parts) ? [right, left] : null;
}

type Unsure = {
  readonly joined: Frame;
  readonly filtered: Frame;
  readonly inner: Scope;
  readonly key: SqlExpression;
  readonly innerKey: SqlExpression;
  readonly span: Span;
};

/** What no column of a user is called. */
const HAS_NULL = '__floe_has_null';

/** NOT IN says nothing for certain where the list has a NULL, and of a NULL only that it is not in an empty list. */
function withoutUnsure(
  scope: Scope,
  { joined, filtered, inner, key, innerKey, span }: Unsure,
): Frame {
  const { bind } = scope.translation;
  const name = textSyntax(HAS_NULL, span);
  const flagged = bind(
    polars(
      'pl.when(pl.len() == 0).then(pl.lit(None).cast(pl.Boolean)).otherwise(_1.is_null().any()).alias(_2)',
      span,
      [translateExpression(inner, innerKey), name],
    ),
  );
  const list = operation('select', filtered, { exprs: expressions([flagged], span) }, span);
  const beside = { other: frames([list], span), how: text('cross', span) };
  const kept = bind(
    polars(
      'pl.when(pl.col(_2).is_null()).then(True).when(pl.col(_2)).then(False).otherwise(_1.is_not_null())',
      span,
      [translateExpression(scope, key), name],
    ),
  );
  const crossed = operation('join', joined, beside, span);
  const sure = operation('filter', crossed, { predicates: expressions([kept], span) }, span);
  const columns = expressions([columnOf({ name: HAS_NULL, span })], span);
  return operation('drop', sure, { columns }, span);
}
