import { snakeCase } from '../catalogue/catalogue.ts';
import { AGGREGATION_PARAMETERS, HAVING_PARAMETERS } from '../catalogue/frames.ts';
import { KNOWN_FRAME_METHODS } from '../catalogue/known-names.ts';
import { refusalOf } from '../catalogue/refused-names.ts';
import type { Arguments, Frame } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindArguments } from './bind-arguments.ts';
import { bindOperation, type Callee } from './bind-operation.ts';
import { report, type Binder } from './binder.ts';
import { callOf, polarsCall } from './rewrite-frame.ts';

/** Groups: the call that makes them, perhaps `having`, and the method that makes rows of them again. */
const GROUPINGS: ReadonlySet<string> = new Set(['group_by', 'group_by_dynamic', 'rolling']);

/** `group_by(...).sum()` is `group_by(...).agg(pl.all().sum())`, and so on. */
export const GROUP_SHORTHANDS: ReadonlySet<string> = new Set([
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'first',
  'last',
  'n_unique',
  'quantile',
]);

export function isGrouping(method: string): boolean {
  return GROUPINGS.has(method);
}

export type Group = {
  readonly call: CallSyntax;
  readonly callee: Callee;
  readonly having: { readonly call: CallSyntax; readonly callee: Callee } | null;
};

/** The grouping that a method follows, if it does. */
export function groupOf(syntax: Syntax): Group | null {
  if (syntax.kind !== 'call' || syntax.callee.kind !== 'attribute') return null;
  const name = snakeCase(syntax.callee.name);
  if (isGrouping(name)) return { call: syntax, callee: syntax.callee, having: null };
  if (name !== 'having') return null;
  const inner = groupOf(syntax.callee.object);
  return inner && { ...inner, having: { call: syntax, callee: syntax.callee } };
}

type Aggregation = {
  readonly group: Group;
  readonly call: CallSyntax;
  readonly callee: Callee;
};

export function bindAggregation(
  binder: Binder,
  { group, call, callee }: Aggregation,
): Frame | null {
  const input = binder.frame(group.callee.object);
  const method = snakeCase(group.callee.name);
  const name = snakeCase(callee.name);
  const isRows = (name === 'head' || name === 'tail') && method === 'group_by';
  const grouping = bindOperation(binder, { method, input, call: group.call, callee: group.callee });
  const having = group.having === null ? {} : bindHaving(binder, group.having);
  const rest = isRows ? bindRows(binder, { call, callee, name }) : bindResult(binder, call, callee);
  const isComplete = input !== null && grouping?.kind === 'operation';
  if (!isComplete || having === null || rest === null) return null;
  const bound = { ...grouping.arguments, ...having, ...rest };
  return {
    ...grouping,
    method: isRows ? 'group_rows' : method,
    arguments: bound,
    span: call.span,
  };
}

function bindHaving(
  binder: Binder,
  { call, callee }: NonNullable<Group['having']>,
): Arguments | null {
  const { nameSpan } = callee;
  return bindArguments(binder, { owner: '.having', parameters: HAVING_PARAMETERS, call, nameSpan });
}

type Rows = { readonly call: CallSyntax; readonly callee: Callee; readonly name: string };

/** `head` and `tail` of groups: the rows themselves, no aggregations. */
function bindRows(binder: Binder, { call, callee, name }: Rows): Arguments | null {
  const { nameSpan } = callee;
  const parameters = [{ name: 'n', accepts: 'integer', fallback: FIVE } as const];
  const bound = bindArguments(binder, { owner: `.${name}`, parameters, call, nameSpan });
  const value = { kind: 'boolean', value: name === 'tail' } as const;
  const literal = { kind: 'literal', literal: value, span: nameSpan } as const;
  return bound && { ...bound, from_end: { kind: 'constants', items: [literal], span: nameSpan } };
}

const FIVE = { kind: 'integer', value: '5' } as const;

function bindResult(binder: Binder, call: CallSyntax, callee: Callee): Arguments | null {
  const aggregations = snakeCase(callee.name) === 'agg' ? call : written(call, callee);
  if (aggregations === null) return reportMethod(binder, callee);
  return bindArguments(binder, {
    owner: '.agg',
    parameters: AGGREGATION_PARAMETERS,
    call: aggregations,
    nameSpan: callee.nameSpan,
  });
}

/** A shorthand of groups as the call of `agg` that it stands for. */
function written(call: CallSyntax, callee: Callee): CallSyntax | null {
  const span = callee.nameSpan;
  const name = snakeCase(callee.name);
  const asAggregation = (each: Syntax): CallSyntax => ({
    ...call,
    positional: [each],
    keywords: [],
  });
  const all = polarsCall('all', [], span);
  const isBare = call.positional.length === 0 && call.keywords.length === 0;
  if (name === 'all' && isBare) return asAggregation(all);
  if (name === 'len' || name === 'count') {
    const rows = polarsCall(name === 'len' ? 'len' : 'count', [], span);
    const { positional, keywords } = call;
    if (isBare) return asAggregation(rows);
    return name === 'len'
      ? asAggregation(callOf(rows, 'alias', { positional, keywords, span }))
      : null;
  }
  if (!GROUP_SHORTHANDS.has(name)) return null;
  const { positional, keywords } = call;
  return asAggregation(callOf(all, name, { positional, keywords, span }));
}

function reportMethod(binder: Binder, { name, nameSpan }: Callee): null {
  const reason = refusalOf(`LazyGroupBy.${snakeCase(name)}`);
  if (reason !== undefined)
    return report(binder, nameSpan, [`\`.${name}\` of groups is not supported`, reason]);
  const message = KNOWN_FRAME_METHODS.has(snakeCase(name))
    ? `\`.group_by(...).${name}\` is not supported like this`
    : `groups have no method \`.${name}\``;
  return report(binder, nameSpan, [message, 'write .agg(...)']);
}
