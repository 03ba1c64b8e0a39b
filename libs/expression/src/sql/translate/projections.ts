import { nearestName } from '@floe/errors';
import type { Span } from '../../problems.ts';
import type { Expression } from '../../program.ts';
import type { SqlItem, SqlName } from '../sql-syntax.ts';
import { aliasOf, columnOf } from './frames.ts';
import { factsOf, type Facts } from './facts.ts';
import { reportTable, type Scope } from './scope.ts';
import { translateExpression } from './translate-expression.ts';

/** One column of the select list. */
export type Projection = {
  readonly expression: Expression;
  readonly name: string;
  readonly facts: Facts;
  readonly span: Span;
};

/** The select list, with what follows its stars. */
export type Projections = {
  readonly list: readonly Projection[];
  readonly excluded: ReadonlySet<string>;
  readonly like: string | null;
  readonly replaced: readonly Expression[];
  readonly renamed: readonly (readonly [SqlName, SqlName])[];
};

export function projectionsOf(scope: Scope, items: readonly SqlItem[]): Projections {
  const stars = items.flatMap((item) => (item.kind === 'all' ? [item] : []));
  const like = stars.find((star) => star.like !== null)?.like ?? null;
  const list = items.flatMap((item) =>
    item.kind === 'all' ? starOf(scope, item) : itemOf(scope, item),
  );
  return {
    list: withNames(scope, apart(scope, items, list)),
    excluded: new Set(stars.flatMap(({ exclude }) => exclude.map(({ name }) => name))),
    like,
    replaced: stars.flatMap(({ replace }) =>
      replace.map(([value, { name }]) =>
        aliasOf(scope.translation.bind(translateExpression(scope, value)), name),
      ),
    ),
    renamed: stars.flatMap(({ rename }) => rename),
  };
}

type Item = { readonly expression: Expression; readonly star: SqlName | null };

function itemOf(scope: Scope, item: Extract<SqlItem, { kind: 'expression' }>): readonly Item[] {
  const bound = scope.translation.bind(translateExpression(scope, item.value));
  const expression = item.alias === null ? bound : aliasOf(bound, item.alias.name);
  return [{ expression, star: null }];
}

function starOf(scope: Scope, item: Extract<SqlItem, { kind: 'all' }>): readonly Item[] {
  const { table, span } = item;
  const columns = table === null ? scope.frame.columns : scope.joined.get(table.name)?.columns;
  if (columns === undefined) return reportTable(scope, table!);
  for (const name of item.exclude) requireOneOf(scope, name, columns);
  if (table === null)
    return columns.map(({ name }) => ({ expression: columnOf({ name, span }), star: null }));
  const renamed = scope.joined.get(table.name)?.renamed;
  return columns.map(({ name }) => {
    const actual = renamed?.get(name);
    const column = columnOf({ name: actual ?? name, span });
    return { expression: actual === undefined ? column : aliasOf(column, name), star: table };
  });
}

function requireOneOf(
  { translation }: Scope,
  { name, span }: SqlName,
  columns: readonly { readonly name: string }[],
): void {
  if (columns.some((column) => column.name === name)) return;
  const names = columns.map((column) => column.name);
  const near = nearestName(name, names);
  translation.refuse(
    span,
    `there is no column "${name}"`,
    near ? `did you mean "${near}"?` : `the columns are ${names.join(', ')}`,
  );
}

/** Columns of several `t.*` with one name get that of their table behind it. */
function apart(scope: Scope, items: readonly SqlItem[], list: readonly Item[]): readonly Item[] {
  if (!items.some((item) => item.kind === 'all' && item.table !== null)) return list;
  const named = list.map(({ expression }) => nameOf(expression));
  const counts = new Map<string, number>();
  for (const name of named) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const known = new Set(scope.frame.columns.map(({ name }) => name));
  return list.map((item, index) => {
    const name = named[index];
    if (item.star === null || name === null || name === undefined || (counts.get(name) ?? 0) < 2)
      return item;
    const other = `${name}:${item.star.name}`;
    return known.has(other)
      ? { ...item, expression: columnOf({ name: other, span: item.expression.span }) }
      : item;
  });
}

function nameOf(expression: Expression): string | null {
  if (expression.kind === 'columns' && expression.selector.kind === 'names')
    return expression.selector.names[0]?.name ?? null;
  if (expression.kind !== 'call' || expression.method !== 'alias') return null;
  const argument = expression.arguments['name'];
  const constant = argument?.kind === 'constants' ? argument.items[0] : undefined;
  return constant?.kind === 'literal' && constant.literal.kind === 'string'
    ? constant.literal.value
    : null;
}

/** All are looked at, so that everything that is wrong with them is told at once. */
function withNames(scope: Scope, items: readonly Item[]): readonly Projection[] {
  const { translation, frame } = scope;
  const outputs = translation.outputsOf(
    items.map(({ expression }) => expression),
    frame,
  );
  if (outputs.length !== items.length)
    return translation.unfollowed(
      items[0]!.expression.span,
      'an expression that gives several columns',
    );
  const seen = new Set<string>();
  return items.map(({ expression }, index) => {
    const { name } = outputs[index]!;
    const { span } = expression;
    if (seen.has(name))
      translation.refuse(
        span,
        `the column "${name}" comes twice`,
        'give one of them another name with AS',
      );
    seen.add(name);
    return { expression, name, facts: factsOf(expression), span };
  });
}
