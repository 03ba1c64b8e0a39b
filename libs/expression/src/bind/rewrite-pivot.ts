import type { CallSyntax, KeywordSyntax, Syntax } from '../syntax/syntax.ts';
import { report, type Binder } from './binder.ts';
import { callOf, polarsCall } from './rewrite-frame.ts';

type Callee = Extract<Syntax, { kind: 'attribute' }>;

const PLACES = ['on', 'on_columns', 'index', 'values', 'aggregate_function'];
const KNOWN = new Set([...PLACES, 'maintain_order', 'separator']);
const AGGREGATIONS = new Set([
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'first',
  'last',
  'len',
  'item',
]);

/**
 * A pivot is a group_by with one aggregation for each new column: its names must be given, because columns that only the
 * data knows cannot be checked before the run.
 */
export function rewritePivot(binder: Binder, call: CallSyntax, callee: Callee): Syntax | null {
  const given = argumentsOf(call);
  const span = callee.nameSpan;
  const unknown = call.keywords.find(({ name }) => !KNOWN.has(name));
  if (unknown !== undefined)
    return report(binder, unknown.nameSpan, [
      `\`.pivot\` has no argument \`${unknown.name}\` here`,
    ]);
  const [on, columns, values] = [given.get('on'), given.get('on_columns'), given.get('values')];
  const wanted = itemsOf(columns);
  if (on === undefined || wanted.length === 0)
    return report(binder, span, [
      '`.pivot` needs `on` and `on_columns`',
      'name the values that become columns: on_columns=["a", "b"]; they must be known before the run',
    ]);
  const [valueNames, index] = [textsOf(values), given.get('index')];
  if (on.kind !== 'string' || valueNames === null || valueNames.length === 0 || index === undefined)
    return report(binder, span, [
      '`.pivot` needs one column `on`, and `index` and `values` by name',
      'like .pivot("month", on_columns=["jan", "feb"], index="shop", values="sales")',
    ]);
  const method = aggregationOf(given.get('aggregate_function'));
  if (method === null)
    return report(binder, span, [
      'this aggregation is not supported in `.pivot`',
      `it is one of ${[...AGGREGATIONS].join(', ')}`,
    ]);
  const separator = textsOf(given.get('separator'))?.[0] ?? '_';
  const aggregations = valueNames.flatMap((value) =>
    wanted.map((key) => {
      const name = nameOf(key);
      const full = valueNames.length > 1 ? `${value}${separator}${name}` : name;
      return cell({ on, key, value, method, name: full }, callee);
    }),
  );
  const order = call.keywords.filter(({ name }) => name === 'maintain_order');
  const groups = callOf(callee.object, 'group_by', { positional: [index], keywords: order, span });
  return callOf(groups, 'agg', { positional: aggregations, span });
}

function argumentsOf({ positional, keywords }: CallSyntax): ReadonlyMap<string, Syntax> {
  const byPlace = positional.map((value, index) => [PLACES[index] ?? '', value] as const);
  return new Map([...byPlace, ...keywords.map(({ name, value }) => [name, value] as const)]);
}

function itemsOf(syntax: Syntax | undefined): readonly Syntax[] {
  if (syntax === undefined) return [];
  return syntax.kind === 'list' ? syntax.items : [syntax];
}

function textsOf(syntax: Syntax | undefined): readonly string[] | null {
  const items = itemsOf(syntax);
  const texts = items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return texts.length === items.length ? texts : null;
}

/** The method that an aggregation stands for; null when it is none. */
function aggregationOf(syntax: Syntax | undefined): string | null {
  if (syntax === undefined || syntax.kind === 'none') return 'item';
  return syntax.kind === 'string' && AGGREGATIONS.has(syntax.value) ? syntax.value : null;
}

/** How Polars names the column of a value. */
function nameOf(key: Syntax): string {
  if (key.kind === 'boolean') return String(key.value);
  return key.kind === 'string' || key.kind === 'integer' || key.kind === 'float'
    ? key.value
    : 'null';
}

type Cell = {
  readonly on: Syntax;
  readonly key: Syntax;
  readonly value: string;
  readonly method: string;
  readonly name: string;
};

function cell({ on, key, value, method, name }: Cell, { nameSpan: span }: Callee): Syntax {
  const column = polarsCall('col', [{ kind: 'string', value, span: on.span }], on.span);
  const selector = polarsCall('col', [on], on.span);
  const isHere = callOf(selector, 'eq_missing', { positional: [key], span: key.span });
  const chosen = callOf(column, 'filter', { positional: [isHere], span });
  const keywords: readonly KeywordSyntax[] =
    method === 'item'
      ? [{ name: 'allow_empty', nameSpan: span, value: { kind: 'boolean', value: true, span } }]
      : [];
  const single = callOf(chosen, method, { keywords, span });
  return callOf(single, 'alias', { positional: [{ kind: 'string', value: name, span }], span });
}
