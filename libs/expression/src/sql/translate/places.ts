import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlExpression } from '../sql-syntax.ts';
import { integer, reportCount, wholeNumber, type CallContext } from './call-context.ts';
import { polars } from './template.ts';

/** Places count from 1 in SQL and from 0 in Polars; those below 1 count from the end. */
export function fromOne(context: CallContext, index: SqlExpression): Syntax {
  const { term } = context;
  const { span } = index;
  if (index.kind === 'number') {
    const place = wholeNumber(context, index);
    return place === 0 ? { kind: 'none', span } : integer(place - 1, span);
  }
  if (index.kind === 'unary' || index.kind === 'null') return term(index);
  const template =
    'pl.when(_1 > 0).then(_1 - 1).otherwise(pl.when(_1 == 0).then(None).otherwise(_1))';
  return polars(template, span, [term(index)]);
}

export function substring(context: CallContext): Syntax {
  const { call, term, scope } = context;
  const [text, start, length] = call.arguments;
  const { span } = call;
  if (text === undefined || start === undefined || call.arguments.length > 3)
    return reportCount(context, ['2', '3']);
  if (start.kind === 'unary' || length?.kind === 'unary')
    return scope.translation.unfollowed(span, `\`${call.name}\` with a negative place`);
  const place = start.kind === 'number' ? wholeNumber(context, start) : null;
  if (place === 0 && length === undefined) return term(text);
  const isFixed = place !== null && place > 0;
  const offset = isFixed ? integer(place - 1, start.span) : polars('_1 - 1', span, [term(start)]);
  if (length === undefined) return polars('_1.str.slice(_2)', span, [term(text), offset]);
  const operands = [term(text), offset, term(length)];
  if (isFixed) return polars('_1.str.slice(_2, _3)', span, operands);
  const template =
    'pl.when(_2 < 0).then(_1.str.slice(0, (_3 + _2).clip(0))).otherwise(_1.str.slice(_2, _3))';
  return polars(template, span, operands);
}
