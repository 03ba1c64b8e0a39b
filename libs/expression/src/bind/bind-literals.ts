import type { DataType } from '../data-type.ts';
import type { Expression, Literal } from '../program.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { FLOAT64, INT64 } from '../types/kinds.ts';
import { literalOf } from './bind-constant.ts';
import { bindTime, timeConstructorOf } from './bind-time.ts';
import { report, type Binder } from './binder.ts';

type ListSyntax = Extract<Syntax, { kind: 'list' }>;
type ListExpression = Extract<Expression, { kind: 'list' }>;
type LiteralExpression = Extract<Expression, { kind: 'literal' }>;

/** A list of literals with the types that Python gives them: whole numbers are Int64, with a fraction among them Float64. */
export function literalList(binder: Binder, { items, span }: ListSyntax): ListExpression | null {
  const bound = items.map((item) => literalExpression(binder, item));
  const complete = bound.filter((item) => item !== null);
  if (complete.length < bound.length) return null;
  if (complete.length === 0) return report(binder, span, ['the list is empty']);
  const kinds = new Set(complete.map(({ literal }) => literal.kind));
  const type = kinds.has('float') ? FLOAT64 : kinds.has('integer') ? INT64 : null;
  return { kind: 'list', items: complete.map((item) => withType(item, type)), span };
}

function literalExpression(binder: Binder, item: Syntax): LiteralExpression | null {
  if (item.kind === 'refused') return null;
  const literal: Literal | null = literalOf(item);
  if (literal !== null) return { kind: 'literal', literal, span: item.span };
  const constructor = item.kind === 'call' ? timeConstructorOf(item) : null;
  const time =
    constructor !== null && item.kind === 'call' ? bindTime(binder, item, constructor) : null;
  if (time?.kind === 'literal') return time;
  if (constructor !== null) return null;
  return report(binder, item.span, ['the list holds literals only', 'like [1, 2] or ["a", "b"]']);
}

function withType(item: LiteralExpression, type: DataType | null): Expression {
  const isNumber = item.literal.kind === 'integer' || item.literal.kind === 'float';
  if (type === null || !isNumber) return item;
  const { span } = item;
  return {
    kind: 'call',
    method: 'pl.lit',
    receiver: null,
    arguments: {
      value: { kind: 'expressions', items: [item], span },
      dtype: { kind: 'type', type, span },
    },
    span,
    nameSpan: span,
  };
}
