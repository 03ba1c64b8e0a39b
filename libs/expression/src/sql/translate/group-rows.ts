import type { Span } from '../../problems.ts';
import type { Expression, Frame } from '../../program.ts';
import type { SqlExpression, SqlSelect } from '../sql-syntax.ts';
import { factsOf, type Facts } from './facts.ts';
import { aliasOf, columnOf, expressions, operation } from './frames.ts';
import { ordinalOf } from './order.ts';
import type { Projection } from './projections.ts';
import type { Scope } from './scope.ts';
import { translateExpression } from './translate-expression.ts';

type Key = { readonly expression: Expression; readonly name: string; readonly facts: Facts };

export type Grouped = {
  readonly frame: Frame;
  /** What qualified names stand for, where an output took the name of a key. */
  readonly originals: ReadonlyMap<string, string>;
};

/** Columns beside the user's own, as the SQL of Polars calls them. */
const AGGREGATED = '__POLARS_AGG_';
const ORIGINAL = '__POLARS_ORIG_';

/** The keys of GROUP BY: columns, names of the select list, places in it, or expressions. */
export function groupKeys(
  scope: Scope,
  { groupBy }: SqlSelect,
  list: readonly Projection[],
): readonly Key[] {
  if (groupBy === null) return [];
  const { translation } = scope;
  const given =
    groupBy.keys === 'all'
      ? list
          .filter(({ facts }) => !facts.reduces && !facts.isLiteral)
          .map(({ expression, facts }) =>
            facts.column === null
              ? expression
              : columnOf({ name: facts.column, span: expression.span }),
          )
      : groupBy.keys.map((key) => keyOf(scope, key, list));
  const keys = apart(
    given.map((expression) => keyNamed(scope, expression)),
    scope,
  );
  const repeated = keys.find(
    ({ name }, index) => keys.findIndex((key) => key.name === name) !== index,
  );
  if (repeated !== undefined)
    translation.refuse(repeated.expression.span, `GROUP BY has "${repeated.name}" twice`);
  return keys;
}

function keyNamed({ translation, frame }: Scope, expression: Expression): Key {
  const [output] = translation.outputsOf([expression], frame);
  return { expression, name: output?.name ?? '', facts: factsOf(expression) };
}

/** Columns of one name from several tables go by the names that they have in the joined frame. */
function apart(keys: readonly Key[], scope: Scope): readonly Key[] {
  return keys.map((key) => {
    const { expression, name, facts } = key;
    const isRepeated = keys.filter((other) => other.name === name).length > 1;
    const isRenamed = isRepeated && facts.column !== null && facts.column !== name;
    return isRenamed && expression.kind === 'call' && expression.receiver !== null
      ? keyNamed(scope, expression.receiver)
      : key;
  });
}

function keyOf(scope: Scope, key: SqlExpression, list: readonly Projection[]): Expression {
  const place = ordinalOf(scope, key, { count: list.length, clause: 'GROUP BY' });
  if (place !== null) return list[place]!.expression;
  const name = key.kind === 'name' && key.parts.length === 1 ? key.parts[0]!.name : null;
  const isColumn = scope.frame.columns.some((column) => column.name === name);
  const named = isColumn
    ? undefined
    : list.find((each) => each.name === name && each.facts.isAliased);
  return named?.expression ?? scope.translation.bind(translateExpression(scope, key));
}

type Grouping = {
  readonly keys: readonly Key[];
  readonly list: readonly Projection[];
  readonly having: SqlExpression | null;
  readonly span: Span;
  /** Of the select list. */
  readonly listSpan: Span;
};

/** Aggregations go into the group, and what is computed from keys comes after it. */
export function groupRows(
  scope: Scope,
  frame: Frame,
  { keys, list, having, span, listSpan }: Grouping,
): Grouped {
  const columns = list.map((projection) => groupedColumn(scope, projection, keys));
  const aggregations = columns.flatMap(({ aggregation }) =>
    aggregation === null ? [] : [aggregation],
  );
  const given = {
    by: expressions(
      keys.map(({ expression }) => expression),
      span,
    ),
    aggs: expressions(aggregations, span),
    ...(having === null
      ? {}
      : { having: expressions([havingOf(scope, having, list)], having.span) }),
  };
  const grouped = operation('group_by', frame, given, span);
  const extra = keysBeside(keys, list);
  const outputs = [
    ...columns.map(({ output }) => output),
    ...extra.map(({ expression }) => expression),
  ];
  const result = operation('select', grouped, { exprs: expressions(outputs, listSpan) }, listSpan);
  return { frame: result, originals: new Map(extra.flatMap(({ original }) => original)) };
}

type GroupedColumn = { readonly aggregation: Expression | null; readonly output: Expression };

function groupedColumn(scope: Scope, projection: Projection, keys: readonly Key[]): GroupedColumn {
  const { expression, name, facts, span } = projection;
  const key = keys.find((each) => each.facts.text === facts.text);
  const columnAt = (of: string): Expression => columnOf({ name: of, span });
  if (key !== undefined)
    return {
      aggregation: null,
      output: key.name === name ? columnAt(name) : aliasOf(columnAt(key.name), name),
    };
  const isKeyName = (of: string): boolean => keys.some((each) => each.name === of);
  const reduces = facts.reduces || facts.inFunctions.some((of) => !isKeyName(of));
  if (reduces) {
    const inner = withoutImplode(expression);
    if (!isKeyName(name)) return { aggregation: inner, output: columnAt(name) };
    const other = `${AGGREGATED}${name}`;
    return { aggregation: aliasOf(inner, other), output: aliasOf(columnAt(other), name) };
  }
  const missing = facts.column !== null && !isKeyName(facts.column) ? facts.column : null;
  if (missing !== null)
    scope.translation.refuse(
      span,
      `"${missing}" is neither a key of GROUP BY nor in an aggregation`,
      `add it to GROUP BY, or write MIN(${missing})`,
    );
  return { aggregation: null, output: expression };
}

/** In a group the values come as a list by themselves. */
function withoutImplode(expression: Expression): Expression {
  if (expression.kind !== 'call' || expression.receiver === null) return expression;
  if (expression.method === 'implode') return expression.receiver;
  const { receiver } = expression;
  const isNamed =
    expression.method === 'alias' && receiver.kind === 'call' && receiver.method === 'implode';
  return isNamed && receiver.receiver !== null
    ? { ...expression, receiver: receiver.receiver }
    : expression;
}

/** HAVING may name columns of the select list. */
function havingOf(scope: Scope, having: SqlExpression, list: readonly Projection[]): Expression {
  const known = new Set(scope.frame.columns.map(({ name }) => name));
  const aliases = new Map(
    list.flatMap(({ name, facts, expression }) =>
      facts.isAliased &&
      !known.has(name) &&
      expression.kind === 'call' &&
      expression.receiver !== null
        ? [[name, expression.receiver] as const]
        : [],
    ),
  );
  const bound = scope.translation.bind(translateExpression(scope, having));
  const condition = replacedColumns(bound, aliases) as Expression;
  scope.translation.outputsOf([condition], scope.frame);
  return condition;
}

function replacedColumns(node: unknown, by: ReadonlyMap<string, Expression>): unknown {
  if (Array.isArray(node)) return node.map((each) => replacedColumns(each, by));
  if (typeof node !== 'object' || node === null) return node;
  const { kind, selector } = node as {
    kind?: unknown;
    selector?: { kind: string; names: { name: string }[] };
  };
  const name =
    kind === 'columns' && selector?.kind === 'names' ? selector.names[0]?.name : undefined;
  const found = name === undefined ? undefined : by.get(name);
  if (found !== undefined) return found;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, replacedColumns(value, by)]),
  );
}

type Beside = {
  readonly expression: Expression;
  readonly original: readonly (readonly [string, string])[];
};

/** Keys that are not among the outputs: ORDER BY may name them. */
function keysBeside(keys: readonly Key[], list: readonly Projection[]): readonly Beside[] {
  return keys.flatMap(({ name, facts, expression }): readonly Beside[] => {
    const { span } = expression;
    const output = list.find((each) => each.name === name);
    if (output === undefined) return [{ expression: columnOf({ name, span }), original: [] }];
    const isOwn = facts.column === name && output.facts.column !== name;
    if (!isOwn) return [];
    const other = `${ORIGINAL}${name}`;
    return [{ expression: aliasOf(columnOf({ name, span }), other), original: [[name, other]] }];
  });
}
