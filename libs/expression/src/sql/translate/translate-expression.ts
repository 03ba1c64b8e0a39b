import type { Span } from '../../problems.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlExpression } from '../sql-syntax.ts';
import { besideOf, betweenSyntax, inSyntax, likeSyntax } from './comparisons.ts';
import { nameSyntax, typeOfName, type Scope } from './scope.ts';
import { polars, textValue } from './template.ts';
import { momentSyntax, readInterval } from './times.ts';
import { translateCall } from './translate-call.ts';
import { typeText } from './type-text.ts';

const OPERATORS: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    and: '_1 & _2',
    or: '_1 | _2',
    xor: '_1 ^ _2',
    '&': '_1 & _2',
    '|': '_1 | _2',
    '=': '_1 == _2',
    '==': '_1 == _2',
    '<>': '~(_1 == _2)',
    '!=': '~(_1 == _2)',
    '<': '_1 < _2',
    '<=': '_1 <= _2',
    '>': '_1 > _2',
    '>=': '_1 >= _2',
    '<=>': '_1.eq_missing(_2)',
    'is distinct from': '_1.ne_missing(_2)',
    '+': '_1 + _2',
    '-': '_1 - _2',
    '*': '_1 * _2',
    '/': '_1 / _2',
    '%': '_1 % _2',
    '//': '(_1 // _2).cast(pl.Int64, strict=False)',
    '||': '_1.cast(pl.String, strict=False) + _2.cast(pl.String, strict=False)',
    '~': '_1.str.contains(_2)',
    '!~': '~_1.str.contains(_2)',
    '^@': '_1.str.starts_with(_2)',
  }),
);

const LIKES: ReadonlyMap<string, readonly [how: 'like' | 'ilike', isNegated: boolean]> = new Map(
  Object.entries<readonly [how: 'like' | 'ilike', isNegated: boolean]>({
    '~~': ['like', false],
    '!~~': ['like', true],
    '~~*': ['ilike', false],
    '!~~*': ['ilike', true],
  }),
);

const MAX_INTEGER = 2n ** 63n - 1n;

type Of<Kind extends SqlExpression['kind']> = Extract<SqlExpression, { kind: Kind }>;

/** An expression of SQL in terms of Polars. */
export function translateExpression(scope: Scope, expression: SqlExpression): Syntax {
  const { span } = expression;
  const { refuse, unfollowed } = scope.translation;
  const term = (each: SqlExpression): Syntax => translateExpression(scope, each);
  switch (expression.kind) {
    case 'name':
      return nameSyntax(scope, expression.parts, span);
    case 'number':
      return numberSyntax(scope, expression.text, span);
    case 'string':
      return textValue(expression.value, span);
    case 'boolean':
      return { kind: 'boolean', value: expression.value, span };
    case 'null':
      return { kind: 'none', span };
    case 'parameter':
      return { kind: 'parameter', name: expression.name, span };
    case 'moment':
      return (
        momentSyntax(expression.type, expression.text, span) ??
        refuse(
          span,
          `'${expression.text}' is not a ${expression.type}`,
          'write it as in 2024-01-31 12:30:00',
        )
      );
    case 'interval':
      return durationSyntax(scope, expression);
    case 'unary':
      return unarySyntax(scope, expression, term);
    case 'binary':
      return binarySyntax(scope, expression, term);
    case 'between':
      return betweenSyntax(scope, expression, term);
    case 'in':
      return inSyntax(scope, expression, term);
    case 'like':
      return likeSyntax(scope, expression, term);
    case 'is':
      return isSyntax(expression, term);
    case 'case':
      return caseSyntax(expression, term);
    case 'cast': {
      const template = `_1.cast(${typeText(expression.type)}, strict=${expression.isStrict ? 'True' : 'False'})`;
      return polars(template, span, [term(expression.operand)]);
    }
    case 'call':
      return translateCall(scope, expression, term);
    case 'star':
      return refuse(
        span,
        '`*` is not expected here',
        'it stands in the select list and in COUNT(*)',
      );
    case 'subquery':
      return refuse(
        span,
        'a query as a value stands in WHERE alone',
        'join it, as in CROSS JOIN (SELECT MAX(x) AS top FROM t) AS best',
      );
    case 'inQuery':
    case 'exists':
      return unfollowed(
        span,
        'a query in a condition that is not joined by AND to the others of WHERE',
      );
    case 'unfollowed':
      return unfollowed(span, expression.what);
  }
}

function numberSyntax({ translation }: Scope, text: string, span: Span): Syntax {
  if (text.includes('.')) return { kind: 'float', value: String(Number(text)), span };
  const isWhole = /^\d+$/.test(text) && BigInt(text) <= MAX_INTEGER;
  if (isWhole) return { kind: 'integer', value: text, span };
  const hint = /e/i.test(text) ? `write ${text.replace(/e/i, '.0e')}` : 'it is more than 64 bits';
  return translation.refuse(span, `\`${text}\` is not a number of Polars' SQL`, hint);
}

function durationSyntax({ translation }: Scope, { text, span }: Of<'interval'>): Syntax {
  const interval = readInterval(text);
  if (interval === null)
    return translation.refuse(
      span,
      `'${text}' is not a length of time`,
      "like INTERVAL '1 day 2 hours'",
    );
  const { microseconds } = interval;
  if (microseconds === null)
    return translation.refuse(
      span,
      'years, quarters and months have no fixed length',
      'add them to a date',
    );
  const value: Syntax = { kind: 'integer', value: String(microseconds), span };
  return polars('timedelta(microseconds=_1)', span, [value]);
}

type Term = (expression: SqlExpression) => Syntax;

function unarySyntax(scope: Scope, { operator, operand, span }: Of<'unary'>, term: Term): Syntax {
  if (operator === 'not') {
    const isBoolean =
      operand.kind === 'name' && typeOfName(scope, operand.parts)?.kind === 'boolean';
    return polars(isBoolean ? '~_1' : '~_1.cast(pl.Boolean)', span, [term(operand)]);
  }
  if (operand.kind === 'number')
    return operator === '-' ? polars('-_1', span, [term(operand)]) : term(operand);
  return polars(`0 ${operator} _1`, span, [term(operand)]);
}

function binarySyntax(scope: Scope, expression: Of<'binary'>, term: Term): Syntax {
  const { operator, left, right, span, operatorSpan } = expression;
  const { unfollowed } = scope.translation;
  const like = LIKES.get(operator);
  if (like !== undefined) {
    const [how, isNegated] = like;
    return likeSyntax(
      scope,
      { kind: 'like', operand: left, pattern: right, how, isNegated, span },
      term,
    );
  }
  if (
    right.kind === 'interval' &&
    (operator === '+' || operator === '-') &&
    left.kind !== 'interval'
  )
    return movedSyntax(scope, { of: term(left), operator, by: right, span });
  const sides = [left, right].find(({ kind }) => kind === 'subquery');
  if (sides !== undefined) return term(sides);
  if (operator === '~*' || operator === '!~*') {
    if (right.kind !== 'string')
      return unfollowed(operatorSpan, `\`${operator}\` with a pattern that is no text`);
    const pattern = textValue(`(?i)${right.value}`, right.span);
    return polars(operator === '~*' ? '_1.str.contains(_2)' : '~_1.str.contains(_2)', span, [
      term(left),
      pattern,
    ]);
  }
  if (operator === '->' || operator === '->>') return pathSyntax(scope, expression, term);
  const template = OPERATORS.get(operator);
  if (template === undefined) return unfollowed(operatorSpan, `the operator \`${operator}\``);
  return polars(template, span, [term(left), besideOf(scope, left, right, term)]);
}

type Move = {
  readonly of: Syntax;
  readonly operator: '+' | '-';
  readonly by: Of<'interval'>;
  readonly span: Span;
};

function movedSyntax({ translation }: Scope, { of, operator, by, span }: Move): Syntax {
  const interval = readInterval(by.text);
  if (interval === null)
    return translation.refuse(
      by.span,
      `'${by.text}' is not a length of time`,
      "like INTERVAL '1 month'",
    );
  const text = `${operator === '-' ? '-' : ''}${interval.text}`;
  return polars('_1.dt.offset_by(_2)', span, [of, { kind: 'string', value: text, span: by.span }]);
}

/** `s -> 'field'`, `l -> 0` */
function pathSyntax(
  scope: Scope,
  { left, right, operator, span }: Of<'binary'>,
  term: Term,
): Syntax {
  const from = term(left);
  const found =
    right.kind === 'string' && !/[{},]/.test(right.value)
      ? polars('_1.struct.field(_2)', span, [
          from,
          { kind: 'string', value: right.value, span: right.span },
        ])
      : right.kind === 'number'
        ? polars('_1.list.get(_2, null_on_oob=True)', span, [from, term(right)])
        : scope.translation.unfollowed(span, 'a path of several fields');
  return operator === '->>' ? polars('_1.cast(pl.String, strict=False)', span, [found]) : found;
}

function isSyntax({ operand, what, isNegated, span }: Of<'is'>, term: Term): Syntax {
  const value = [term(operand)];
  if (what === 'null') return polars(isNegated ? '_1.is_not_null()' : '_1.is_null()', span, value);
  const compared = what === 'true' ? '_1 == True' : '_1 == False';
  return polars(isNegated ? `~(${compared})` : compared, span, value);
}

function caseSyntax({ operand, branches, otherwise, span }: Of<'case'>, term: Term): Syntax {
  let chain: Syntax | null = null;
  for (const [when, then] of branches) {
    const test =
      operand === null ? term(when) : polars('_1 == _2', span, [term(operand), term(when)]);
    chain =
      chain === null
        ? polars('pl.when(_1).then(_2)', span, [test, term(then)])
        : polars('_1.when(_2).then(_3)', span, [chain, test, term(then)]);
  }
  const none: Syntax = { kind: 'none', span };
  const rest = otherwise === null ? none : term(otherwise);
  return polars('_1.otherwise(_2)', span, [chain ?? none, rest]);
}
