import { nearestName } from '@floe/errors';
import type { Span } from '../../problems.ts';
import type { KeywordSyntax, Syntax } from '../../syntax/syntax.ts';
import type { SqlExpression, SqlOrder, SqlWindow } from '../sql-syntax.ts';
import type { Scope } from './scope.ts';
import { polars } from './template.ts';

/** The window that a name stands for, or the window itself. */
export function resolveWindow({ windows, translation }: Scope, window: SqlWindow): SqlWindow {
  if (window.name === null) return window;
  const { name, span } = window.name;
  const found = windows.get(name);
  const isBare = window.partitionBy.length === 0 && window.orderBy.length === 0;
  if (found !== undefined && isBare) return found;
  if (found !== undefined)
    return translation.unfollowed(window.span, 'a window that extends another');
  const near = nearestName(name, [...windows.keys()]);
  return translation.refuse(
    span,
    `there is no window "${name}"`,
    near ? `did you mean ${near}?` : 'name it under WINDOW',
  );
}

type Terms = { readonly scope: Scope; readonly term: (expression: SqlExpression) => Syntax };

/** The expression within the groups of rows of a window, in its order. */
export function overWindow({ scope, term }: Terms, of: Syntax, given: SqlWindow): Syntax {
  const window = resolveWindow(scope, given);
  const { translation } = scope;
  if (window.frame !== null)
    return translation.refuse(
      window.span,
      `the frame ${window.frame} is not supported by the SQL of Polars`,
      'the one that it has is ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
    );
  const [first] = window.orderBy;
  const mixed = window.orderBy.find((order) => order.isDescending !== first?.isDescending);
  if (mixed !== undefined)
    return translation.refuse(
      mixed.by.span,
      'ORDER BY of a window goes in one direction for all keys',
    );
  if (window.partitionBy.length === 0 && first === undefined) return of;
  const { span } = window;
  const keywords: KeywordSyntax[] = [];
  if (first !== undefined) {
    const keys: Syntax = { kind: 'list', items: window.orderBy.map(({ by }) => term(by)), span };
    keywords.push({ name: 'order_by', nameSpan: span, value: keys });
    const value: Syntax = { kind: 'boolean', value: first.isDescending, span };
    keywords.push({ name: 'descending', nameSpan: span, value });
  }
  const call = polars('_1.over()', span, [of]);
  if (call.kind !== 'call') return call;
  return { ...call, positional: window.partitionBy.map(term), keywords };
}

/** Nulls come last, and first where the order descends, unless the query says where. */
export function directionOf({ isDescending, nullsFirst }: SqlOrder): {
  readonly descending: 'True' | 'False';
  readonly nullsLast: 'True' | 'False';
} {
  const isFirst = nullsFirst ?? isDescending;
  return { descending: isDescending ? 'True' : 'False', nullsLast: isFirst ? 'False' : 'True' };
}

/** Values in the order of other columns. */
export function ordered(
  of: Syntax,
  keys: readonly Syntax[],
  orders: readonly SqlOrder[],
  span: Span,
): Syntax {
  const directions = orders.map(directionOf);
  const places = keys.map((_, index) => `_${index + 2}`).join(', ');
  const descending = directions.map((each) => each.descending).join(', ');
  const nullsLast = directions.map((each) => each.nullsLast).join(', ');
  const template = `_1.sort_by(${places}, descending=[${descending}], nulls_last=[${nullsLast}])`;
  return polars(template, span, [of, ...keys]);
}
