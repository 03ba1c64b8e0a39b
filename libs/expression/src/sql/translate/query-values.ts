import type { Frame } from '../../program.ts';
import type { SqlExpression } from '../sql-syntax.ts';
import { aliasOf, columnOf, expressions, frames, operation, text } from './frames.ts';
import type { Scope, Translation } from './scope.ts';

/** What no column of a user is called. */
const VALUE = '__floe_value_';

type ValueQuery = Extract<SqlExpression, { kind: 'subquery' }>;

export type WithValues = {
  /** The rows, each beside the values of the queries. */
  readonly frame: Frame;
  readonly conditions: readonly SqlExpression[];
  readonly columns: readonly string[];
};

/** `x > (SELECT AVG(x) FROM t)`: the one value of the query comes beside each row, and goes again after the filter. */
export function joinValues(
  scope: Scope,
  rows: Frame,
  conditions: readonly SqlExpression[],
): WithValues {
  const queries = conditions.flatMap(queriesIn);
  const columns = queries.map((_, index) => `${VALUE}${index}`);
  const frame = queries.reduce(
    (from, query, index) => joinValue(scope, from, { query, name: columns[index]! }),
    rows,
  );
  const names = new Map(queries.map((query, index) => [query, columns[index]!] as const));
  return { frame, columns, conditions: conditions.map((each) => replaced(each, names)) };
}

function queriesIn(node: unknown): readonly ValueQuery[] {
  if (Array.isArray(node)) return node.flatMap(queriesIn);
  if (typeof node !== 'object' || node === null) return [];
  if ('kind' in node && node.kind === 'subquery') return [node as ValueQuery];
  return Object.values(node).flatMap(queriesIn);
}

function replaced(
  expression: SqlExpression,
  names: ReadonlyMap<ValueQuery, string>,
): SqlExpression {
  if (names.size === 0) return expression;
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    const name = names.get(node as ValueQuery);
    const { span } = node as ValueQuery;
    if (name !== undefined) return { kind: 'name', parts: [{ name, span }], span };
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
  };
  return visit(expression) as SqlExpression;
}

type Value = { readonly query: ValueQuery; readonly name: string };

function joinValue({ translation, tables }: Scope, rows: Frame, { query, name }: Value): Frame {
  const { span } = query;
  const frame = translation.query(query.query, tables);
  const [column, ...more] = translation.stateOf(frame).columns;
  if (column === undefined || more.length > 0 || !isOneRow(translation, frame))
    return translation.refuse(
      span,
      'a query as a value gives one aggregation of all its rows',
      'like (SELECT MAX(x) FROM t); join any other',
    );
  const value = aliasOf(columnOf({ name: column.name, span }), name);
  const one = operation('select', frame, { exprs: expressions([value], span) }, span);
  return operation('join', rows, { other: frames([one], span), how: text('cross', span) }, span);
}

/** A select list of nothing but aggregations. */
function isOneRow(translation: Translation, frame: Frame): boolean {
  if (frame.kind !== 'operation' || frame.method !== 'select' || frame.input === null) return false;
  const argument = frame.arguments['exprs'];
  const items = argument?.kind === 'expressions' ? argument.items : [];
  const outputs = translation.outputsOf(items, translation.stateOf(frame.input));
  return outputs.every(
    ({ isScalar, edges, root }) => isScalar && (edges.length > 0 || root !== null),
  );
}
