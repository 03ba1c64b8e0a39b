import { nearestName } from '@floe/errors';
import type { Span } from '../../problems.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlCall, SqlExpression, SqlOrder, SqlWindow } from '../sql-syntax.ts';
import {
  SPECIAL_FUNCTIONS,
  SQL_FUNCTIONS,
  UNFOLLOWED_FUNCTIONS,
  type SqlFunction,
} from './functions.ts';
import { datePart, UNFOLLOWED_PARTS } from './date-part.ts';
import type { Scope } from './scope.ts';
import { polars, textValue } from './template.ts';
import { directionOf, ordered, overWindow, resolveWindow } from './windows.ts';

export type Term = (expression: SqlExpression) => Syntax;
export type CallContext = { readonly scope: Scope; readonly call: SqlCall; readonly term: Term };

/** A function of SQL in terms of Polars. */
export function translateCall(scope: Scope, call: SqlCall, term: Term): Syntax {
  const { translation } = scope;
  const { name, nameSpan } = call;
  const context = { scope, call, term };
  if (call.filter !== null && call.over !== null)
    return translation.refuse(call.span, 'FILTER and OVER do not go together in the SQL of Polars');
  const special = SPECIAL[name];
  if (special !== undefined) return special(context);
  if (call.isDistinct || call.orderBy.length > 0 || call.limit !== null)
    return translation.refuse(
      nameSpan,
      `\`${name}\` takes no DISTINCT, ORDER BY or LIMIT`,
      'COUNT(DISTINCT x), ARRAY_AGG and STRING_AGG do',
    );
  const entry = SQL_FUNCTIONS.get(name);
  if (entry !== undefined) return templated(context, entry);
  if (UNFOLLOWED_FUNCTIONS.has(name))
    return translation.unfollowed(nameSpan, `the function \`${name}\``);
  const near = nearestName(name, [...SQL_FUNCTIONS.keys(), ...Object.keys(SPECIAL_FUNCTIONS)]);
  return translation.refuse(
    nameSpan,
    `the SQL of Polars has no function \`${name}\``,
    near ? `did you mean \`${near}\`?` : 'the reference lists those that it has',
  );
}

function templated(context: CallContext, entry: SqlFunction): Syntax {
  const { scope, call, term } = context;
  const given = call.arguments;
  const template =
    entry.templates[String(given.length)] ?? (given.length > 0 ? entry.templates['n'] : undefined);
  if (template === undefined) return reportCount(context, Object.keys(entry.templates));
  const operands = given.map((argument, index) => {
    const isLiteral = entry.literals?.includes(index + 1) === true;
    return isLiteral ? literalOf(scope, call, argument) : argumentOf(context, argument);
  });
  if (call.over !== null && isCumulative(context)) return cumulative(context);
  const syntax = polars(template, call.span, operands);
  if (call.over === null) return syntax;
  if (entry.group !== 'aggregates' && entry.group !== 'windows')
    return scope.translation.refuse(
      call.span,
      `\`${call.name}\` takes no OVER`,
      'put it around the aggregation',
    );
  return overWindow({ scope, term }, syntax, call.over);
}

function reportCount({ scope, call }: CallContext, counts: readonly string[]): never {
  const known = counts.map((count) => (count === 'n' ? 'at least one' : count)).join(' or ');
  return scope.translation.refuse(
    call.span,
    `\`${call.name}\` takes ${known} argument${known === '1' ? '' : 's'}, not ${call.arguments.length}`,
  );
}

/** An argument that Polars needs when it plans, so that a column cannot stand there. */
function literalOf({ translation }: Scope, { name }: SqlCall, argument: SqlExpression): Syntax {
  const { span } = argument;
  if (argument.kind === 'string') return { kind: 'string', value: argument.value, span };
  if (argument.kind === 'number')
    return { kind: argument.text.includes('.') ? 'float' : 'integer', value: argument.text, span };
  if (argument.kind === 'parameter') return { kind: 'parameter', name: argument.name, span };
  return translation.unfollowed(span, `\`${name}\` with an argument that is no literal`);
}

/** With FILTER, only the rows for which it holds. */
export function argumentOf({ call, term }: CallContext, argument: SqlExpression): Syntax {
  const value = term(argument);
  return call.filter === null
    ? value
    : polars('_1.filter(_2)', call.span, [value, term(call.filter)]);
}

const CUMULATIVE: Readonly<Record<string, string>> = {
  sum: 'cum_sum',
  total: 'cum_sum',
  min: 'cum_min',
  max: 'cum_max',
};

function isCumulative({ scope, call }: CallContext): boolean {
  return (
    call.over !== null &&
    Object.hasOwn(CUMULATIVE, call.name) &&
    resolveWindow(scope, call.over).orderBy.length > 0
  );
}

/** A running total: from the first row in order up to each. */
function cumulative({ scope, call, term }: CallContext): Syntax {
  const [argument] = call.arguments;
  const method = CUMULATIVE[call.name] ?? 'cum_sum';
  const running = polars(
    `_1.${method}().fill_null(strategy="forward")`,
    call.span,
    argument ? [term(argument)] : [],
  );
  return call.over === null ? running : overWindow({ scope, term }, running, call.over);
}

type Special = (context: CallContext) => Syntax;

const SPECIAL: Readonly<Record<string, Special>> = {
  count,
  array_agg: (context) => polars('_1.implode()', context.call.span, [collected(context)]),
  string_agg: stringAggregate,
  listagg: stringAggregate,
  group_concat: stringAggregate,
  substr: substring,
  substring,
  split_part: (context) => {
    const [text, separator, index] = exactly(context, 3);
    const at = fromOne(context, index!);
    const template =
      'pl.when(_1.is_not_null()).then(_1.str.split(_2).list.get(_3, null_on_oob=True).fill_null(pl.lit(""))).otherwise(_1)';
    return polars(template, context.call.span, [context.term(text!), context.term(separator!), at]);
  },
  date_part: (context) => {
    const [part, moment] = exactly(context, 2);
    const { span } = context.call;
    const syntax =
      part?.kind === 'string' ? datePart(part.value, context.term(moment!), span) : null;
    if (syntax !== null) return syntax;
    const named = part?.kind === 'string' ? part.value : 'this';
    if (UNFOLLOWED_PARTS.has(named.toLowerCase()))
      return context.scope.translation.unfollowed(part?.span ?? span, `the part ${named}`);
    return context.scope.translation.refuse(
      part?.span ?? span,
      `${named} is not a part of a date or time`,
      'like year, quarter, month, week, day, hour, minute, second',
    );
  },
  array_get: (context) => {
    const [array, index] = exactly(context, 2);
    const operands = [context.term(array!), fromOne(context, index!)];
    return polars('_1.list.get(_2, null_on_oob=True)', context.call.span, operands);
  },
  row_number: (context) => {
    exactly(context, 0);
    return windowed(
      context,
      polars(
        'pl.int_range(0, pl.len(), dtype=pl.UInt32) + pl.lit(1, dtype=pl.UInt32)',
        context.call.span,
      ),
    );
  },
  rank: (context) => ranked(context, 'min'),
  dense_rank: (context) => ranked(context, 'dense'),
  lag: (context) => shifted(context, 1),
  lead: (context) => shifted(context, -1),
  last_value: (context) => context.term(exactly(context, 1)[0]!),
};

function exactly(context: CallContext, count: number): readonly SqlExpression[] {
  const given = context.call.arguments;
  return given.length === count ? given : reportCount(context, [String(count)]);
}

function windowed({ scope, call, term }: CallContext, syntax: Syntax): Syntax {
  return call.over === null ? syntax : overWindow({ scope, term }, syntax, call.over);
}

const NOT_NULL: ReadonlySet<SqlExpression['kind']> = new Set([
  'number',
  'string',
  'boolean',
  'star',
]);

function count(context: CallContext): Syntax {
  const { scope, call, term } = context;
  const [argument] = call.arguments;
  if (call.arguments.length > 1) return reportCount(context, ['0', '1']);
  const isRows = argument === undefined || NOT_NULL.has(argument.kind);
  const order = call.over === null ? [] : resolveWindow(scope, call.over).orderBy;
  if (order.length > 0 && !call.isDistinct) {
    const running = isRows
      ? polars('pl.int_range(0, pl.len(), dtype=pl.Int64) + 1', call.span)
      : polars('_1.cum_count().fill_null(strategy="forward")', call.span, [term(argument)]);
    return windowed(context, running);
  }
  if (call.isDistinct && argument !== undefined) {
    const template = '_1.n_unique() - (_1.null_count() > 0)';
    return windowed(context, polars(template, call.span, [argumentOf(context, argument)]));
  }
  if (!isRows)
    return windowed(context, polars('_1.count()', call.span, [argumentOf(context, argument)]));
  const rows =
    call.filter === null
      ? polars('pl.len()', call.span)
      : polars('_1.sum()', call.span, [term(call.filter)]);
  return windowed(context, rows);
}

/** The values of a group with DISTINCT, ORDER BY and LIMIT, as a column. */
function collected(context: CallContext): Syntax {
  const { call } = context;
  const [argument] = call.arguments;
  if (argument === undefined) return reportCount(context, ['1']);
  if (call.over !== null)
    return context.scope.translation.unfollowed(call.span, `${call.name.toUpperCase()} with OVER`);
  const base = argumentOf(context, argument);
  const distinct = call.isDistinct
    ? polars('_1.unique(maintain_order=True)', call.span, [base])
    : base;
  const sorted = call.orderBy.length === 0 ? distinct : sortedBy(context, distinct, argument);
  if (call.limit === null) return sorted;
  const { span } = call.limit;
  const limit = call.limit.kind === 'number' ? call.limit.text : null;
  if (limit === null) return context.scope.translation.refuse(span, 'LIMIT needs a number here');
  return polars('_1.head(_2)', call.span, [sorted, { kind: 'integer', value: limit, span }]);
}

/** By itself where it is ordered by what it holds: after DISTINCT other columns have more rows. */
function sortedBy(context: CallContext, base: Syntax, argument: SqlExpression): Syntax {
  const { call } = context;
  const [first] = call.orderBy;
  const isOwn = first !== undefined && call.orderBy.length === 1 && isSame(first.by, argument);
  if (call.isDistinct && isOwn) {
    const { descending, nullsLast } = directionOf(first);
    return polars(`_1.sort(descending=${descending}, nulls_last=${nullsLast})`, call.span, [base]);
  }
  const keys = call.orderBy.map(({ by }) => argumentOf(context, by));
  return ordered(base, keys, call.orderBy, call.span);
}

const isSame = (a: SqlExpression, b: SqlExpression): boolean =>
  a.kind === 'name' &&
  b.kind === 'name' &&
  a.parts.map(({ name }) => name).join('.') === b.parts.map(({ name }) => name).join('.');

function stringAggregate(context: CallContext): Syntax {
  const { call, term } = context;
  const [, separator] = call.arguments;
  if (call.arguments.length > 2) return reportCount(context, ['1', '2']);
  const base = collected(context);
  const between = separator === undefined ? textValue(',', call.span) : term(separator);
  const template =
    'pl.when(_1.null_count() < _1.len()).then(_1.cast(pl.String, strict=False).implode().list.join(_2, ignore_nulls=True)).otherwise(None)';
  return polars(template, call.span, [base, between]);
}

const integer = (value: number, span: Span): Syntax => ({
  kind: 'integer',
  value: String(value),
  span,
});

/** Places count from 1 in SQL and from 0 in Polars; those below 1 count from the end. */
function fromOne({ term }: CallContext, index: SqlExpression): Syntax {
  const { span } = index;
  if (index.kind === 'number') {
    const place = Number(index.text);
    return place === 0 ? { kind: 'none', span } : integer(place - 1, span);
  }
  if (index.kind === 'unary' || index.kind === 'null') return term(index);
  const template =
    'pl.when(_1 > 0).then(_1 - 1).otherwise(pl.when(_1 == 0).then(None).otherwise(_1))';
  return polars(template, span, [term(index)]);
}

function substring(context: CallContext): Syntax {
  const { call, term, scope } = context;
  const [text, start, length] = call.arguments;
  const { span } = call;
  if (text === undefined || start === undefined || call.arguments.length > 3)
    return reportCount(context, ['2', '3']);
  if (start.kind === 'unary' || length?.kind === 'unary')
    return scope.translation.unfollowed(span, `\`${call.name}\` with a negative place`);
  const isFixed = start.kind === 'number' && Number(start.text) > 0;
  const offset = isFixed
    ? integer(Number(start.text) - 1, start.span)
    : polars('_1 - 1', span, [term(start)]);
  if (length === undefined) return polars('_1.str.slice(_2)', span, [term(text), offset]);
  const operands = [term(text), offset, term(length)];
  if (isFixed) return polars('_1.str.slice(_2, _3)', span, operands);
  const template =
    'pl.when(_2 < 0).then(_1.str.slice(0, (_3 + _2).clip(0))).otherwise(_1.str.slice(_2, _3))';
  return polars(template, span, operands);
}

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

function ranked(context: CallContext, method: 'min' | 'dense'): Syntax {
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

function shifted(context: CallContext, direction: 1 | -1): Syntax {
  const { scope, call, term } = context;
  const [value, offset] = call.arguments;
  const [window] = requiredOrder(context);
  if (value === undefined || call.arguments.length > 2) return reportCount(context, ['1', '2']);
  const isCount = offset === undefined || (offset.kind === 'number' && Number(offset.text) > 0);
  if (!isCount)
    return scope.translation.refuse(offset.span, 'the offset is a whole number from 1 on');
  const rows = offset?.kind === 'number' ? Number(offset.text) : 1;
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
