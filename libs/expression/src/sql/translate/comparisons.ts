import type { DataType } from '../../data-type.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlExpression } from '../sql-syntax.ts';
import { typeOfName, type Scope } from './scope.ts';
import { polars, textValue } from './template.ts';
import { momentLike } from './times.ts';

type Of<Kind extends SqlExpression['kind']> = Extract<SqlExpression, { kind: Kind }>;
type Term = (expression: SqlExpression) => Syntax;

/** Text beside a date or a time is one. */
export function besideOf(
  scope: Scope,
  left: SqlExpression,
  right: SqlExpression,
  term: Term,
): Syntax {
  if (right.kind !== 'string') return term(right);
  return momentLike(typeBeside(scope, left), right.value, right.span) ?? term(right);
}

function typeBeside(scope: Scope, left: SqlExpression): DataType | undefined {
  if (left.kind === 'cast') return left.type;
  return left.kind === 'name' ? typeOfName(scope, left.parts) : undefined;
}

export function betweenSyntax(scope: Scope, expression: Of<'between'>, term: Term): Syntax {
  const { operand, low, high, isNegated, span } = expression;
  const template = isNegated ? '(_1 < _2) | (_1 > _3)' : '(_1 >= _2) & (_1 <= _3)';
  const bounds = [low, high].map((bound) => besideOf(scope, operand, bound, term));
  return polars(template, span, [term(operand), ...bounds]);
}

const LITERALS: ReadonlySet<SqlExpression['kind']> = new Set([
  'number',
  'string',
  'boolean',
  'null',
  'parameter',
  'moment',
]);

const isLiteral = (item: SqlExpression): boolean =>
  item.kind === 'unary'
    ? item.operator !== 'not' && isLiteral(item.operand)
    : LITERALS.has(item.kind);

export function inSyntax(
  scope: Scope,
  { operand, items, isNegated, span }: Of<'in'>,
  term: Term,
): Syntax {
  const computed = items.find((item) => !isLiteral(item));
  if (computed !== undefined)
    return scope.translation.refuse(
      computed.span,
      'the list of IN holds values and no columns',
      'compare with = and OR',
    );
  const list: Syntax = {
    kind: 'list',
    items: items.map((item) =>
      item.kind === 'string' ? textBeside(scope, operand, item) : term(item),
    ),
    span,
  };
  const isUnsure = items.some(({ kind }) => kind === 'null');
  const found = polars('_1.is_in(_2)', span, [term(operand), list]);
  // A list with NULL in it never says for certain that a value is not there.
  const known = isUnsure ? polars('_1 | pl.lit(None).cast(pl.Boolean)', span, [found]) : found;
  return isNegated ? polars('~_1', span, [known]) : known;
}

function textBeside(scope: Scope, operand: SqlExpression, { value, span }: Of<'string'>): Syntax {
  const type = operand.kind === 'name' ? typeOfName(scope, operand.parts) : undefined;
  return momentLike(type, value, span) ?? { kind: 'string', value, span };
}

export function likeSyntax(scope: Scope, expression: Of<'like'>, term: Term): Syntax {
  const { operand, pattern, how, isNegated, span } = expression;
  const not = isNegated ? '~' : '';
  if (how === 'regexp')
    return polars(`${not}_1.str.contains(_2)`, span, [term(operand), term(pattern)]);
  if (pattern.kind !== 'string')
    return scope.translation.unfollowed(pattern.span, 'LIKE with a pattern that is no text');
  const isExact = how === 'like' && !/[%_]/.test(pattern.value);
  if (isExact || pattern.value === '')
    return polars(`${not}(_1 == _2)`, span, [term(operand), term(pattern)]);
  const flags = how === 'ilike' ? '(?is)' : '(?s)';
  const regex = textValue(`^${flags}${likeRegex(pattern.value)}$`, pattern.span);
  return polars(`${not}_1.str.contains(_2)`, span, [term(operand), regex]);
}

/** A pattern of LIKE as a regular expression. */
function likeRegex(pattern: string): string {
  const escaped = pattern.replaceAll(/[\\.+*?()|[\]{}^$#&\-~]/g, String.raw`\$&`);
  return escaped.replaceAll('%', '.*').replaceAll('_', '.');
}
