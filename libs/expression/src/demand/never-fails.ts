import { findExpression } from '../catalogue/catalogue.ts';
import type { Argument, Expression, Frame, Program } from '../program.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Operations of frames that fail for their columns only, which are the same whatever the rows are. */
const OPERATIONS = words(
  'filter select with_columns group_by group_rows join sort unique reverse rename drop unpivot with_row_index ' +
    'fill_null drop_nulls concat top_k bottom_k head limit tail slice',
);

/** The same of expressions. A short list on purpose: what is not on it may fail. */
const METHODS = words(
  'add sub mul truediv floordiv mod and_ or_ xor eq ne lt le gt ge eq_missing ne_missing neg not_ abs sign ' +
    'is_null is_not_null is_nan is_not_nan is_finite is_infinite is_in is_between fill_null fill_nan ' +
    'sqrt exp log floor ceil round clip alias name.suffix name.prefix name.keep name.to_lowercase name.to_uppercase ' +
    'str.to_uppercase str.to_lowercase str.strip_chars str.len_chars str.len_bytes str.starts_with str.ends_with ' +
    'dt.year dt.quarter dt.month dt.week dt.weekday dt.day dt.hour dt.minute dt.second dt.date ' +
    'pl.when pl.lit pl.len pl.coalesce pl.concat_str pl.sum_horizontal pl.min_horizontal pl.max_horizontal ' +
    'pl.all_horizontal pl.any_horizontal sum mean median min max std var count len n_unique null_count first last ' +
    'any all over shift diff cum_sum cum_min cum_max cum_count rank is_duplicated is_unique sort_by forward_fill ' +
    'backward_fill',
);

/** They change the number of rows, which fits when one value is made of them at once. */
const WITHIN_AGGREGATES = words('filter where drop_nulls drop_nans unique head tail');

/**
 * Whether no row that the program could meet makes it fail, once its names and types are right. False where that is
 * not known. What never fails may be computed in part: no failure is passed over by what is left out.
 */
export function neverFails({ statements }: Program): boolean {
  return statements.every(({ frame }) => isSafeFrame(frame));
}

function isSafeFrame(frame: Frame): boolean {
  if (frame.kind !== 'operation') return true;
  const { method, input, arguments: given } = frame;
  if (!OPERATIONS.has(method) || (input !== null && !isSafeFrame(input))) return false;
  // How often keys may come is asked of the rows.
  if (method === 'join' && textOf(given['validate']) !== 'm:m') return false;
  return Object.values(given).every(isSafeArgument);
}

function isSafeArgument(argument: Argument): boolean {
  if (argument.kind === 'frames') return argument.items.every(isSafeFrame);
  return argument.kind !== 'expressions' || argument.items.every(isSafe);
}

function isSafe(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'columns':
      return true;
    case 'element':
    case 'field':
      return false;
    case 'list':
      return expression.items.every(isSafe);
    case 'call':
      return isSafeCall(expression);
  }
}

type Call = Extract<Expression, { kind: 'call' }>;

function isSafeCall(call: Call): boolean {
  const { method, receiver, arguments: given } = call;
  if (!METHODS.has(method) && !isLossyCast(call)) return false;
  if (method === 'over' && textOf(given['mapping_strategy']) !== 'group_to_rows') return false;
  const isAggregate = findExpression(method)?.shape === 'aggregate';
  const own = isAggregate ? withoutResizing(receiver) : [receiver];
  return own.every((each) => each === null || isSafe(each)) && hasSafeArguments(call);
}

/** What an aggregate is made of, below the methods that only choose rows; and what those look at. */
function withoutResizing(receiver: Expression | null): readonly (Expression | null)[] {
  if (receiver?.kind !== 'call' || !WITHIN_AGGREGATES.has(receiver.method)) return [receiver];
  if (!hasSafeArguments(receiver)) return [receiver];
  return withoutResizing(receiver.receiver);
}

function hasSafeArguments({ arguments: given }: Call): boolean {
  return Object.values(given).every(isSafeArgument);
}

/** What does not convert is null. */
function isLossyCast({ method, arguments: given }: Call): boolean {
  const strict = given['strict'];
  const constant = strict?.kind === 'constants' ? strict.items[0] : undefined;
  if (method !== 'cast' || constant?.kind !== 'literal') return false;
  return constant.literal.kind === 'boolean' && !constant.literal.value;
}

function textOf(argument: Argument | undefined): string | undefined {
  const constant = argument?.kind === 'constants' ? argument.items[0] : undefined;
  if (constant?.kind !== 'literal' || constant.literal.kind !== 'string') return undefined;
  return constant.literal.value;
}
