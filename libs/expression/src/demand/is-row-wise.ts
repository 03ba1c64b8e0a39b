import { findExpression } from '../catalogue/catalogue.ts';
import type { Argument, Expression } from '../program.ts';

/** Methods of expressions themselves that look at one row only. It is a short list on purpose: what is not on it waits. */
const ROW_WISE: ReadonlySet<string> = new Set(
  (
    'add sub mul truediv floordiv mod pow neg abs cast and_ or_ xor not_ eq ne lt le gt ge eq_missing ne_missing ' +
    'is_null is_not_null is_nan is_not_nan is_finite is_infinite is_between'
  ).split(' '),
);

/**
 * Whether the value in each row depends on that row alone, so that dropping other rows before changes nothing. False
 * where it is not known.
 */
export function isRowWise(
  expression: Expression,
  allows: (call: ExpressionCall) => boolean = isRowWiseMethod,
): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'columns':
      return true;
    case 'element':
    case 'field':
      return false;
    case 'list':
      return expression.items.every((item) => isRowWise(item, allows));
    case 'call':
      return allows(expression) && operands(expression).every((each) => isRowWise(each, allows));
  }
}

export type ExpressionCall = Extract<Expression, { kind: 'call' }>;

export function isRowWiseMethod({ method, arguments: given }: ExpressionCall): boolean {
  if (ROW_WISE.has(method)) return true;
  // Another column as the list is all of its rows.
  if (method === 'is_in') return expressionsOf(given['other']).every(({ kind }) => kind === 'list');
  const entry = findExpression(method);
  return entry?.shape === 'elementwise' && /^(?:str|dt)\./.test(method);
}

export function operands({ receiver, arguments: given }: ExpressionCall): readonly Expression[] {
  const own = receiver === null ? [] : [receiver];
  return [...own, ...Object.values(given).flatMap(expressionsOf)];
}

export function expressionsOf(argument: Argument | undefined): readonly Expression[] {
  return argument?.kind === 'expressions' ? argument.items : [];
}
