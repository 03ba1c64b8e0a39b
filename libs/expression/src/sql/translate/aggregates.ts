import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlExpression } from '../sql-syntax.ts';
import {
  argumentOf,
  integer,
  reportCount,
  wholeNumber,
  windowed,
  type CallContext,
} from './call-context.ts';
import { polars, textValue } from './template.ts';
import { directionOf, ordered, resolveWindow } from './windows.ts';

const NOT_NULL: ReadonlySet<SqlExpression['kind']> = new Set([
  'number',
  'string',
  'boolean',
  'star',
]);

export function count(context: CallContext): Syntax {
  const { scope, call, term } = context;
  const [argument] = call.arguments;
  if (call.arguments.length > 1) return reportCount(context, ['0', '1']);
  const isRows = argument === undefined || NOT_NULL.has(argument.kind);
  const order = call.over === null ? [] : resolveWindow(scope, call.over).orderBy;
  if (order.length > 0 && !call.isDistinct) {
    const running = isRows
      ? polars('pl.int_range(0, pl.len(), dtype=pl.Int64) + 1', call.span)
      : polars('_1.cum_count().fill_null(strategy="forward")', call.span, [term(argument)]);
    return windowed(context, running);
  }
  if (call.isDistinct && argument !== undefined) {
    const template = '_1.n_unique() - (_1.null_count() > 0)';
    return windowed(context, polars(template, call.span, [argumentOf(context, argument)]));
  }
  if (!isRows)
    return windowed(context, polars('_1.count()', call.span, [argumentOf(context, argument)]));
  const rows =
    call.filter === null
      ? polars('pl.len()', call.span)
      : polars('_1.sum()', call.span, [term(call.filter)]);
  return windowed(context, rows);
}

/** The values of a group with DISTINCT, ORDER BY and LIMIT, as a column. */
export function collected(context: CallContext): Syntax {
  const { call } = context;
  const [argument] = call.arguments;
  if (argument === undefined) return reportCount(context, ['1']);
  if (call.over !== null)
    return context.scope.translation.unfollowed(call.span, `${call.name.toUpperCase()} with OVER`);
  const base = argumentOf(context, argument);
  const distinct = call.isDistinct
    ? polars('_1.unique(maintain_order=True)', call.span, [base])
    : base;
  const sorted = call.orderBy.length === 0 ? distinct : sortedBy(context, distinct, argument);
  if (call.limit === null) return sorted;
  const limit = integer(wholeNumber(context, call.limit), call.limit.span);
  return polars('_1.head(_2)', call.span, [sorted, limit]);
}

/** By itself where it is ordered by what it holds: after DISTINCT other columns have more rows. */
function sortedBy(context: CallContext, base: Syntax, argument: SqlExpression): Syntax {
  const { call } = context;
  const [first] = call.orderBy;
  const isOwn = first !== undefined && call.orderBy.length === 1 && isSame(first.by, argument);
  if (call.isDistinct && isOwn) {
    const { descending, nullsLast } = directionOf(first);
    return polars(`_1.sort(descending=${descending}, nulls_last=${nullsLast})`, call.span, [base]);
  }
  const keys = call.orderBy.map(({ by }) => argumentOf(context, by));
  return ordered(base, keys, call.orderBy, call.span);
}

const isSame = (a: SqlExpression, b: SqlExpression): boolean =>
  a.kind === 'name' &&
  b.kind === 'name' &&
  a.parts.map(({ name }) => name).join('.') === b.parts.map(({ name }) => name).join('.');

export function stringAggregate(context: CallContext): Syntax {
  const { call, term } = context;
  const [, separator] = call.arguments;
  if (call.arguments.length > 2) return reportCount(context, ['1', '2']);
  const base = collected(context);
  const between = separator === undefined ? textValue(',', call.span) : term(separator);
  const template =
    'pl.when(_1.null_count() < _1.len()).then(_1.cast(pl.String, strict=False).implode().list.join(_2, ignore_nulls=True)).otherwise(None)';
  return polars(template, call.span, [base, between]);
}
