import type { Expression, Frame } from '../../program.ts';
import type { SqlExpression, SqlOrder, SqlSelection } from '../sql-syntax.ts';
import { columnOf, expressions, flags, operation } from './frames.ts';
import type { Scope } from './scope.ts';
import { translateExpression } from './translate-expression.ts';

type Ordering = {
  readonly orderBy: NonNullable<SqlSelection['orderBy']>;
  /** What ordinals count: the columns of the result. */
  readonly selected: readonly string[];
  /** What a qualified name stands for, where an output took its own. */
  readonly originals?: ReadonlyMap<string, string>;
  /** The column that an aggregation of the select list has become, by its form. */
  readonly aggregated?: (by: SqlExpression) => string | null;
};

/** ORDER BY over a frame that has the columns before and after the select list. */
export function orderRows(
  scope: Scope,
  frame: Frame,
  { orderBy, selected, originals, aggregated }: Ordering,
): Frame {
  const { keys, span } = orderBy;
  const all =
    keys.length === 1 && isAll(scope, keys[0]!.by)
      ? selected.map((name) => ({ ...keys[0]!, name }))
      : null;
  const orders: readonly SqlOrder[] = all ?? keys;
  const by = all
    ? all.map(({ name }) => columnOf({ name, span }))
    : keys.map((key) => keyOf(scope, key.by, { selected, originals, aggregated }));
  scope.translation.outputsOf(by, scope.frame);
  const given = {
    by: expressions(by, span),
    descending: flags(
      orders.map(({ isDescending }) => isDescending),
      span,
    ),
    nulls_last: flags(
      orders.map(({ isDescending, nullsFirst }) => !(nullsFirst ?? isDescending)),
      span,
    ),
  };
  return operation('sort', frame, given, span);
}

function isAll({ frame }: Scope, by: SqlExpression): boolean {
  const name = by.kind === 'name' && by.parts.length === 1 ? by.parts[0]!.name.toLowerCase() : '';
  return name === 'all' && !frame.columns.some((column) => column.name.toLowerCase() === 'all');
}

type Names = {
  readonly selected: readonly string[];
  readonly originals: Ordering['originals'];
  readonly aggregated: Ordering['aggregated'];
};

function keyOf(
  scope: Scope,
  by: SqlExpression,
  { selected, originals, aggregated }: Names,
): Expression {
  if (by.kind === 'number' || by.kind === 'unary') {
    const place = ordinalOf(scope, by, { count: selected.length, clause: 'ORDER BY' });
    if (place !== null) return columnOf({ name: selected[place]!, span: by.span });
  }
  const original =
    by.kind === 'name' && by.parts.length === 2 ? originals?.get(by.parts[1]!.name) : undefined;
  if (original !== undefined) return columnOf({ name: original, span: by.span });
  const computed = by.kind === 'name' ? null : (aggregated?.(by) ?? null);
  if (computed !== null) return columnOf({ name: computed, span: by.span });
  return scope.translation.bind(translateExpression(scope, by));
}

type Ordinals = { readonly count: number; readonly clause: string };

/** The place from 0 that a number in GROUP BY or ORDER BY stands for; null for what is no number. */
export function ordinalOf(
  { translation }: Scope,
  expression: SqlExpression,
  { count, clause }: Ordinals,
): number | null {
  const { span } = expression;
  if (expression.kind === 'unary' && expression.operand.kind === 'number')
    return translation.refuse(span, `a place in ${clause} counts from 1`);
  if (expression.kind !== 'number') return null;
  const place = Number(expression.text);
  const isThere = Number.isInteger(place) && place >= 1 && place <= count;
  return isThere
    ? place - 1
    : translation.refuse(
        span,
        `${clause} ${expression.text} names no column`,
        `the select list has ${count}`,
      );
}
