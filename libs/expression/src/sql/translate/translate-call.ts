import { nearestName } from '@floe/errors';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlCall, SqlExpression } from '../sql-syntax.ts';
import { collected, count, stringAggregate } from './aggregates.ts';
import {
  argumentOf,
  exactly,
  reportCount,
  windowed,
  type CallContext,
  type Term,
} from './call-context.ts';
import { datePart, UNFOLLOWED_PARTS } from './date-part.ts';
import {
  SPECIAL_FUNCTIONS,
  SQL_FUNCTIONS,
  UNFOLLOWED_FUNCTIONS,
  type SqlFunction,
} from './functions.ts';
import { fromOne, substring } from './places.ts';
import type { Scope } from './scope.ts';
import { polars } from './template.ts';
import { ranked, shifted } from './window-functions.ts';
import { overWindow, resolveWindow } from './windows.ts';

/** A function of SQL in terms of Polars. */
export function translateCall(scope: Scope, call: SqlCall, term: Term): Syntax {
  const { translation } = scope;
  const { name, nameSpan } = call;
  const context = { scope, call, term };
  if (call.filter !== null && call.over !== null)
    return translation.refuse(call.span, 'FILTER and OVER do not go together in the SQL of Polars');
  const special = SPECIAL.get(name);
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
    return isLiteral ? literalOf(context, argument) : argumentOf(context, argument);
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

/** An argument that Polars needs when it plans, so that a column cannot stand there. */
function literalOf({ scope, call, term }: CallContext, argument: SqlExpression): Syntax {
  const { span } = argument;
  if (argument.kind === 'string') return { kind: 'string', value: argument.value, span };
  if (argument.kind === 'number' || argument.kind === 'parameter') return term(argument);
  return scope.translation.unfollowed(span, `\`${call.name}\` with an argument that is no literal`);
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

const SPECIAL: ReadonlyMap<string, Special> = new Map(
  Object.entries<Special>({
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
      return polars(template, context.call.span, [
        context.term(text!),
        context.term(separator!),
        at,
      ]);
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
  }),
);
