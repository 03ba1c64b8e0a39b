import { nearestName } from '@floe/errors';
import { expressionNames, findExpression, snakeCase } from '../catalogue/catalogue.ts';
import { refusalOf } from '../catalogue/refused-names.ts';
import { KNOWN_FUNCTIONS } from '../catalogue/known-names.ts';
import type { Span } from '../problems.ts';
import type { Argument, Expression, Selector } from '../program.ts';
import type { CallSyntax } from '../syntax/syntax.ts';
import { bindArguments } from './bind-arguments.ts';
import { literalConstant } from './bind-constant.ts';
import { literalList } from './bind-literals.ts';
import { bindDataType, looksLikeType } from './bind-data-type.ts';
import { byPlace } from './bind-selector-function.ts';
import { bindColumns, excludedFrom } from './bind-selector.ts';
import { report, type Binder } from './binder.ts';

/** `pl.sum("a")` is `pl.col("a").sum()`, and so on. */
const COLUMN_SHORTHANDS: ReadonlySet<string> = new Set([
  'approx_n_unique',
  'head',
  'tail',
  'quantile',
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'std',
  'var',
  'first',
  'last',
  'count',
  'n_unique',
  'any',
  'all',
  'cum_sum',
  'cum_count',
  'implode',
]);

/** Shorthands that take one column, and then the arguments of the method. */
const ONE_COLUMN: ReadonlySet<string> = new Set(['std', 'var', 'quantile', 'head', 'tail']);

type Callee = { readonly name: string; readonly nameSpan: Span; readonly span: Span };

/** A function of `pl`. */
export function bindFunction(binder: Binder, call: CallSyntax, callee: Callee): Expression | null {
  const name = snakeCase(callee.name);
  const isEmpty = call.positional.length === 0 && call.keywords.length === 0;
  if (looksLikeType(call))
    return report(binder, call.span, ['a type is not a value', 'use it as in .cast(pl.Int64)']);
  switch (name) {
    case 'col':
      return bindColumns(binder, call);
    case 'exclude':
      return excludedFrom(binder, { kind: 'all' }, call);
    case 'nth':
      return asColumns(byPlace(binder, call, 'strict'), call);
    case 'element':
      return isEmpty
        ? { kind: 'element', span: call.span }
        : report(binder, call.span, ['`pl.element` takes no arguments']);
    case 'field':
      return bindField(binder, call);
    case 'escape_regex':
      return bindEscaped(binder, call);
    case 'lit':
      return bindLiteral(binder, call, callee);
    case 'when':
      return report(binder, call.span, [
        '`pl.when` needs `.then`',
        'write pl.when(condition).then(value).otherwise(other)',
      ]);
    case 'count':
      if (isEmpty) return countOfRows(call, callee);
      break;
    case 'first':
    case 'last':
      if (isEmpty)
        return asColumns(
          { kind: 'places', places: [name === 'first' ? 0 : -1], isLenient: false },
          call,
        );
      break;
    case 'all':
      if (isEmpty) return { kind: 'columns', selector: { kind: 'all' }, span: call.span };
      break;
    default:
  }
  if (COLUMN_SHORTHANDS.has(name) && !isEmpty)
    return bindShorthand(binder, call, { ...callee, name });
  const entry = findExpression(`pl.${name}`);
  if (entry === undefined || name === 'lit') return reportFunction(binder, callee);
  const { parameters } = entry;
  const nameSpan = callee.nameSpan;
  const bound = bindArguments(binder, { owner: entry.name, parameters, call, nameSpan });
  if (bound === null) return null;
  return {
    kind: 'call',
    method: entry.name,
    receiver: null,
    arguments: bound,
    span: call.span,
    nameSpan,
  };
}

function asColumns(selector: Selector | null, { span }: CallSyntax): Expression | null {
  return selector && { kind: 'columns', selector, span };
}

function bindField(binder: Binder, call: CallSyntax): Expression | null {
  const [name] = call.positional;
  const isFine = name?.kind === 'string' && call.positional.length === 1;
  if (isFine) return { kind: 'field', name: name.value, span: call.span };
  return report(binder, call.span, [
    '`pl.field` needs the name of one field',
    'like pl.field("a")',
  ]);
}

/** `pl.escape_regex("a.b")`: text in which nothing is special, known before the plan runs. */
function bindEscaped(binder: Binder, call: CallSyntax): Expression | null {
  const [text] = call.positional;
  if (text?.kind !== 'string' || call.positional.length > 1) {
    return report(binder, call.span, [
      '`pl.escape_regex` needs text',
      'for a column there is .str.escape_regex()',
    ]);
  }
  const value = text.value.replaceAll(/[\\.+*?()|[\]{}^$#&~-]/g, '\\$&');
  return { kind: 'literal', literal: { kind: 'string', value }, span: call.span };
}

function reportFunction(binder: Binder, { name, nameSpan }: Callee): null {
  const near = nearestName(name, [
    ...expressionNames('pl'),
    'col',
    'lit',
    'all',
    ...COLUMN_SHORTHANDS,
  ]);
  const hint = near ? `did you mean pl.${near}?` : undefined;
  const reason = refusalOf(`pl.${snakeCase(name)}`);
  if (reason !== undefined)
    return report(binder, nameSpan, [`\`pl.${name}\` is not supported`, reason]);
  const isKnown = KNOWN_FUNCTIONS.has(snakeCase(name));
  const message = isKnown ? `\`pl.${name}\` is not supported yet` : `there is no \`pl.${name}\``;
  return report(binder, nameSpan, [message, hint]);
}

/** `pl.count()`: the number of rows under its old name. */
function countOfRows({ span }: CallSyntax, { nameSpan }: Callee): Expression {
  const rows: Expression = {
    kind: 'call',
    method: 'pl.len',
    receiver: null,
    arguments: {},
    span,
    nameSpan,
  };
  const name = literalConstant({ kind: 'string', value: 'count' }, nameSpan);
  const argument: Argument = { kind: 'constants', items: [name], span: nameSpan };
  return {
    kind: 'call',
    method: 'alias',
    receiver: rows,
    arguments: { name: argument },
    span,
    nameSpan,
  };
}

function bindShorthand(
  binder: Binder,
  call: CallSyntax,
  { name, nameSpan }: Callee,
): Expression | null {
  const [first] = call.positional;
  const isOne = ONE_COLUMN.has(name) && first !== undefined;
  const chosen = isOne ? [first] : call.positional;
  const receiver = bindColumns(binder, { ...call, positional: chosen, keywords: [] });
  const entry = findExpression(name);
  if (receiver === null || entry === undefined) return null;
  const rest = { ...call, positional: isOne ? call.positional.slice(1) : [] };
  const bound = bindArguments(binder, {
    owner: `pl.${name}`,
    parameters: entry.parameters,
    call: rest,
    nameSpan,
  });
  return (
    bound && { kind: 'call', method: name, receiver, arguments: bound, span: call.span, nameSpan }
  );
}

/** `pl.lit(value)`, and `pl.lit(value, dtype=...)` as a cast of it. */
function bindLiteral(binder: Binder, call: CallSyntax, { nameSpan }: Callee): Expression | null {
  const [valueSyntax, typeByPlace] = call.positional;
  const keyword = call.keywords.find(({ name }) => name === 'dtype');
  const typeSyntax = typeByPlace ?? keyword?.value;
  const isFine =
    valueSyntax && call.positional.length <= 2 && call.keywords.every((each) => each === keyword);
  if (!isFine)
    return report(binder, call.span, ['`pl.lit` needs one value', 'like pl.lit(1) or pl.lit("a")']);
  const value =
    valueSyntax.kind === 'list'
      ? literalList(binder, valueSyntax)
      : binder.expression(valueSyntax, 'value');
  if (value === null) return null;
  if (value.kind === 'list' && typeSyntax === undefined) return { ...value, span: call.span };
  if (value.kind !== 'list' && value.kind !== 'literal' && value.kind !== 'parameter') {
    return report(binder, valueSyntax.span, [
      '`pl.lit` needs a literal',
      'a column is pl.col("name")',
    ]);
  }
  if (typeSyntax === undefined) return { ...value, span: call.span };
  const type = bindDataType(binder, typeSyntax);
  if (type === null) return null;
  const argument = { kind: 'expressions', items: [value], span: value.span } as const;
  const dtype = { kind: 'type', type, span: typeSyntax.span } as const;
  return {
    kind: 'call',
    method: 'pl.lit',
    receiver: null,
    arguments: { value: argument, dtype },
    span: call.span,
    nameSpan,
  };
}
