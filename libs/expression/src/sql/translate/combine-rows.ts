import type { Frame } from '../../program.ts';
import type { SqlBody } from '../sql-syntax.ts';
import { columnOf, expressions, flag, frames, operation, renames, text } from './frames.ts';
import type { Translation } from './scope.ts';

type Combined = Extract<SqlBody, { kind: 'combined' }>;

/** UNION, INTERSECT and EXCEPT of two results: by place, or by name. */
export function combineRows(
  translation: Translation,
  combined: Combined,
  [left, right]: readonly [Frame, Frame],
): Frame {
  const { how, isAll, isByName, span } = combined;
  const columns = translation.stateOf(left).columns.map(({ name }) => name);
  const others = translation.stateOf(right).columns.map(({ name }) => name);
  if (!isByName && columns.length !== others.length)
    translation.refuse(
      span,
      `${how.toUpperCase()} needs equally many columns: there are ${columns.length} and ${others.length}`,
      `${columns.join(', ')} and ${others.join(', ')}; ${how.toUpperCase()} BY NAME goes by the names`,
    );
  if (how === 'union') {
    const isSame = JSON.stringify(columns) === JSON.stringify(others);
    const pairs = others.map(
      (name, index) =>
        [
          { name, span },
          { name: columns[index]!, span },
        ] as const,
    );
    const second =
      isByName || isSame
        ? right
        : operation('rename', right, { mapping: renames(pairs, span) }, span);
    const kind = isByName ? 'diagonal_relaxed' : 'vertical_relaxed';
    const given = { items: frames([left, second], span), how: text(kind, span) };
    const rows = operation('concat', null, given, span);
    return isAll ? rows : operation('unique', rows, {}, span);
  }
  if (isAll)
    translation.refuse(span, `${how.toUpperCase()} ALL is not supported by the SQL of Polars`);
  const keys = (names: readonly string[]) =>
    expressions(
      names.map((name) => columnOf({ name, span })),
      span,
    );
  const given = {
    other: frames([right], span),
    how: text(how === 'intersect' ? 'semi' : 'anti', span),
    left_on: keys(columns),
    right_on: keys(isByName ? columns : others),
    nulls_equal: flag(true, span),
  };
  return operation('unique', operation('join', left, given, span), {}, span);
}
