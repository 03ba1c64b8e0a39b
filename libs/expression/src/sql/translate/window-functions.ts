import type { Span } from '../../problems.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlOrder, SqlWindow } from '../sql-syntax.ts';
import { exactly, integer, reportCount, wholeNumber, type CallContext } from './call-context.ts';
import { polars } from './template.ts';
import { overWindow, resolveWindow } from './windows.ts';

function requiredOrder(context: CallContext): readonly [SqlWindow, readonly SqlOrder[]] {
  const { scope, call } = context;
  const orderBy = call.over === null ? [] : resolveWindow(scope, call.over).orderBy;
  if (call.over === null || orderBy.length === 0)
    return scope.translation.refuse(
      call.span,
      `\`${call.name}\` needs OVER with ORDER BY`,
      `write ${call.name.toUpperCase()}(...) OVER (ORDER BY column)`,
    );
  return [call.over, orderBy];
}

export function ranked(context: CallContext, method: 'min' | 'dense'): Syntax {
  exactly(context, 0);
  const { scope, call, term } = context;
  const [window, orderBy] = requiredOrder(context);
  const keys = orderBy.map(({ by }) => term(by));
  const [first] = orderBy;
  const isDescending = first?.isDescending ? 'True' : 'False';
  const value = keys.length === 1 ? '_1' : 'pl.struct(_all)';
  const rank = polars(`${value}.rank("${method}", descending=${isDescending})`, call.span, keys);
  return overWindow({ scope, term }, rank, window);
}

export function shifted(context: CallContext, direction: 1 | -1): Syntax {
  const { scope, call, term } = context;
  const [value, offset] = call.arguments;
  const [window] = requiredOrder(context);
  if (value === undefined || call.arguments.length > 2) return reportCount(context, ['1', '2']);
  const rows = offset === undefined ? 1 : wholeNumber(context, offset);
  if (rows === 0 && offset !== undefined)
    return scope.translation.refuse(offset.span, 'the offset counts from 1');
  const moved = polars('_1.shift(_2)', call.span, [
    term(value),
    signed(rows * direction, call.span),
  ]);
  return overWindow({ scope, term }, moved, window);
}

function signed(value: number, span: Span): Syntax {
  const positive = integer(Math.abs(value), span);
  return value < 0 ? { kind: 'unary', operator: '-', operand: positive, span } : positive;
}
