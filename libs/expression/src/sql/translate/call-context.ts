import type { Span } from '../../problems.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlCall, SqlExpression } from '../sql-syntax.ts';
import type { Scope } from './scope.ts';
import { polars } from './template.ts';
import { overWindow } from './windows.ts';

export type Term = (expression: SqlExpression) => Syntax;

export type CallContext = { readonly scope: Scope; readonly call: SqlCall; readonly term: Term };

export function reportCount({ scope, call }: CallContext, counts: readonly string[]): never {
  const known = counts.map((count) => (count === 'n' ? 'at least one' : count)).join(' or ');
  return scope.translation.refuse(
    call.span,
    `\`${call.name}\` takes ${known} argument${known === '1' ? '' : 's'}, not ${call.arguments.length}`,
  );
}

/** With FILTER, only the rows for which it holds. */
export function argumentOf({ call, term }: CallContext, argument: SqlExpression): Syntax {
  const value = term(argument);
  return call.filter === null
    ? value
    : polars('_1.filter(_2)', call.span, [value, term(call.filter)]);
}

export function exactly(context: CallContext, count: number): readonly SqlExpression[] {
  const given = context.call.arguments;
  return given.length === count ? given : reportCount(context, [String(count)]);
}

export function windowed({ scope, call, term }: CallContext, syntax: Syntax): Syntax {
  return call.over === null ? syntax : overWindow({ scope, term }, syntax, call.over);
}

/** A number that counts places or rows. Nobody has a billion of them in one value. */
export function wholeNumber(
  { scope }: CallContext,
  { kind, span, ...rest }: SqlExpression,
): number {
  const text = kind === 'number' && 'text' in rest ? rest.text : '';
  return /^\d{1,9}$/.test(text)
    ? Number(text)
    : scope.translation.refuse(span, 'a whole number is expected here');
}

export const integer = (value: number, span: Span): Syntax => ({
  kind: 'integer',
  value: String(value),
  span,
});
