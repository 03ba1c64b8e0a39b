import { nearestName } from '@floe/errors';
import type { Accepts, Parameter } from '../catalogue/signature.ts';
import type { Span } from '../problems.ts';
import type { Argument, Constant, Expression, Literal, Name } from '../program.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { bindDataType, looksLikeType } from './bind-data-type.ts';
import { intervalOfMicroseconds, isInterval } from '../catalogue/interval.ts';
import { constantOf, literalConstant, literalOf } from './bind-constant.ts';
import { bindTime, timeConstructorOf } from './bind-time.ts';
import { literalList } from './bind-literals.ts';
import { report, type Binder } from './binder.ts';

export type ArgumentToBind = {
  readonly owner: string;
  readonly parameter: Parameter;
  readonly syntaxes: readonly Syntax[];
  /** Where to point when there is no syntax of its own. */
  readonly span: Span;
};

/** Turns what was written for one parameter into what the parameter accepts. */
export function bindArgument(binder: Binder, argument: ArgumentToBind): Argument | null {
  const { parameter, syntaxes } = argument;
  const first = syntaxes[0];
  const last = syntaxes.at(-1);
  const span = first && last ? { from: first.span.from, to: last.span.to } : argument.span;
  const isListed = parameter.isMany && parameter.accepts !== 'literals';
  const items = isListed ? syntaxes.flatMap(members) : syntaxes;
  if (items.some((item) => item.kind === 'refused')) return null;
  switch (parameter.accepts) {
    case 'column':
    case 'value':
    case 'values':
    case 'rows':
    case 'members':
    case 'fields':
      return expressions(binder, { items, span, accepts: parameter.accepts });
    case 'choices':
      return choices(binder, items, span);
    case 'tolerance':
      return tolerance(binder, argument, items);
    case 'literals':
      return literals(binder, argument);
    case 'names':
      return names(binder, items, span);
    case 'frames': {
      const frames = items.map((item) => binder.frame(item)).filter((frame) => frame !== null);
      return frames.length === items.length ? { kind: 'frames', items: frames, span } : null;
    }
    case 'type': {
      const type = first ? bindDataType(binder, first) : null;
      return type && { kind: 'type', type, span };
    }
    case 'types':
      return first ? types(binder, first) : null;
    case 'renames':
      return first ? renames(binder, first) : null;
    case 'interval':
      return first ? interval(binder, argument, first) : null;
    default:
      return constants(binder, argument, items);
  }
}

function members(syntax: Syntax): readonly Syntax[] {
  return syntax.kind === 'list' ? syntax.items : [syntax];
}

type Expressions = {
  readonly items: readonly Syntax[];
  readonly span: Span;
  readonly accepts: 'column' | 'value' | 'values' | 'rows' | 'members' | 'fields';
};

function expressions(binder: Binder, { items, span, accepts }: Expressions): Argument | null {
  const isColumn = accepts === 'column' || accepts === 'fields';
  const bound = items.map((item) => binder.expression(item, isColumn ? 'column' : 'value'));
  const complete = bound.filter((item): item is Expression => item !== null);
  if (complete.length < bound.length) return null;
  return { kind: 'expressions', items: accepts === 'rows' ? complete.map(asRows) : complete, span };
}

/** A list as a column: each of its members is a row. */
function asRows(item: Expression): Expression {
  if (item.kind !== 'list') return item;
  const { span } = item;
  return { kind: 'call', method: 'explode', receiver: item, arguments: {}, span, nameSpan: span };
}

/** A list of literals as one value; a literal alone where the parameter takes no list only. */
function literals(binder: Binder, { parameter, syntaxes }: ArgumentToBind): Argument | null {
  const [only] = syntaxes;
  if (only === undefined) return null;
  const { span } = only;
  const list =
    only.kind === 'list'
      ? only
      : parameter.isMany && literalOf(only) !== null
        ? ({ kind: 'list', items: [only], span } as const)
        : null;
  const bound = list ? literalList(binder, list) : binder.expression(only, 'value');
  return bound && { kind: 'expressions', items: [bound], span };
}

/** Columns by name, by `pl.col` or by a selector. */
function choices(binder: Binder, items: readonly Syntax[], span: Span): Argument | null {
  const bound = items.map((item) => binder.expression(item, 'column'));
  const wrong = bound.findIndex((item) => item !== null && item.kind !== 'columns');
  if (wrong !== -1)
    return report(binder, items[wrong]?.span ?? span, [
      'columns are chosen here',
      'like "a", pl.col("a", "b") or cs.numeric()',
    ]);
  const complete = bound.filter((item) => item !== null);
  return complete.length === bound.length ? { kind: 'expressions', items: complete, span } : null;
}

/** A number as it is; a length of time as text. */
function tolerance(
  binder: Binder,
  argument: ArgumentToBind,
  items: readonly Syntax[],
): Argument | null {
  const [only] = items;
  const literal = only === undefined ? null : literalOf(only);
  if (only === undefined) return null;
  const isNumber = literal?.kind === 'integer' || literal?.kind === 'float';
  if (!isNumber) return interval(binder, argument, only);
  return { kind: 'constants', items: [literalConstant(literal, only.span)], span: only.span };
}

function names(binder: Binder, items: readonly Syntax[], span: Span): Argument | null {
  const found: Name[] = [];
  for (const item of items) {
    const named = namesOf(binder, item);
    if (named === null) {
      return report(binder, item.span, [
        'column names are expected here',
        'write them as text: "a", "b"',
      ]);
    }
    found.push(...named);
  }
  return { kind: 'names', names: found, span };
}

/** Text, or `pl.col("a")`, which means the same where only names make sense. */
function namesOf(binder: Binder, item: Syntax): readonly Name[] | null {
  if (item.kind === 'string') return [{ name: item.value, span: item.span }];
  if (item.kind !== 'call') return null;
  const bound = binder.expression(item, 'column');
  const isNames = bound?.kind === 'columns' && bound.selector.kind === 'names';
  return isNames && bound.selector.kind === 'names' ? bound.selector.names : null;
}

function types(binder: Binder, syntax: Syntax): Argument | null {
  if (syntax.kind !== 'dictionary' || looksLikeType(syntax)) {
    const type = bindDataType(binder, syntax);
    return type && { kind: 'type', type, span: syntax.span };
  }
  const pairs: (readonly [Name, Extract<Argument, { kind: 'type' }>['type']])[] = [];
  for (const [key, value] of syntax.entries) {
    const type = bindDataType(binder, value);
    if (key.kind !== 'string') return report(binder, key.span, ['a column name is expected here']);
    if (type === null) return null;
    pairs.push([{ name: key.value, span: key.span }, type]);
  }
  return { kind: 'types', types: pairs, span: syntax.span };
}

function renames(binder: Binder, syntax: Syntax): Argument | null {
  if (syntax.kind !== 'dictionary') {
    return report(binder, syntax.span, ['a mapping is expected here', 'like {"old": "new"}']);
  }
  const pairs: (readonly [Name, Name])[] = [];
  for (const [from, to] of syntax.entries) {
    if (from.kind !== 'string' || to.kind !== 'string') {
      return report(binder, from.span, ['names are expected here', 'like {"old": "new"}']);
    }
    pairs.push([
      { name: from.value, span: from.span },
      { name: to.value, span: to.span },
    ]);
  }
  return { kind: 'renames', pairs, span: syntax.span };
}

function interval(
  binder: Binder,
  { owner, parameter }: ArgumentToBind,
  syntax: Syntax,
): Argument | null {
  const { span } = syntax;
  const isDelta = syntax.kind === 'call' && timeConstructorOf(syntax) === 'timedelta';
  const bound = isDelta ? bindTime(binder, syntax, 'timedelta') : null;
  const literal = bound?.kind === 'literal' ? bound.literal : literalOf(syntax);
  if (literal?.kind === 'null' && parameter.isNullable)
    return { kind: 'constants', items: [literalConstant(literal, span)], span };
  const text =
    literal?.kind === 'duration'
      ? intervalOfMicroseconds(literal.microseconds)
      : literal?.kind === 'string'
        ? literal.value
        : '';
  if (syntax.kind === 'parameter')
    return constants(binder, { owner, parameter, syntaxes: [syntax], span }, [syntax]);
  if (isInterval(text)) {
    const constant = literalConstant({ kind: 'string', value: text }, span);
    return { kind: 'constants', items: [constant], span };
  }
  return report(binder, span, [
    `\`${owner}\` needs a length of time as \`${parameter.name}\``,
    'like "1d", "2h30m", "1mo" or timedelta(days=1)',
  ]);
}

const EXPECTED: Readonly<
  Partial<Record<Accepts, { kinds: readonly Literal['kind'][]; words: string }>>
> = {
  integer: { kinds: ['integer'], words: 'an integer' },
  number: { kinds: ['integer', 'float'], words: 'a number' },
  boolean: { kinds: ['boolean'], words: 'True or False' },
  string: { kinds: ['string'], words: 'text' },
};

function constants(
  binder: Binder,
  argument: ArgumentToBind,
  items: readonly Syntax[],
): Argument | null {
  const { parameter, span } = argument;
  const bound: Constant[] = [];
  for (const item of items) {
    const constant = constantOf(item);
    if (constant === null || !isFitting(constant, parameter)) {
      const words = EXPECTED[parameter.accepts]?.words ?? 'a literal';
      return report(binder, item.span, [
        `\`${argument.owner}\` needs ${words} as \`${parameter.name}\``,
      ]);
    }
    if (!isChoice(binder, constant, parameter)) return null;
    bound.push(constant);
  }
  return { kind: 'constants', items: bound, span: items[0]?.span ?? span };
}

function isFitting(constant: Constant, parameter: Parameter): boolean {
  if (constant.kind === 'parameter') return true;
  const { kind } = constant.literal;
  if (kind === 'null') return parameter.isNullable === true;
  return EXPECTED[parameter.accepts]?.kinds.includes(kind) ?? false;
}

function literalIn(constant: Constant): Literal | null {
  return constant.kind === 'literal' ? constant.literal : null;
}

function isChoice(binder: Binder, constant: Constant, parameter: Parameter): boolean {
  const { name, choices } = parameter;
  if (
    parameter.isOnlyFallback &&
    JSON.stringify(literalIn(constant)) !== JSON.stringify(parameter.fallback)
  ) {
    report(binder, constant.span, [`\`${name}\` is not supported here`, 'leave it out']);
    return false;
  }
  if (choices === undefined || constant.kind === 'parameter' || constant.literal.kind !== 'string')
    return true;
  const { value } = constant.literal;
  if (choices.includes(value)) return true;
  const near = nearestName(value, choices);
  const hint = `${near ? `did you mean "${near}"? ` : ''}it is one of ${choices.join(', ')}`;
  report(binder, constant.span, [`"${value}" is not a value of \`${name}\``, hint]);
  return false;
}
