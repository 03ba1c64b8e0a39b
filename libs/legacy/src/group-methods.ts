import { translateLegacyExpression } from '@floe/expression';
import { isList, isRecord, type Json } from './json.ts';
import type { Entry, LegacyNode } from './legacy-workflow.ts';
import type { Mapping } from './mapping.ts';
import type { Made } from './made.ts';
import { call, column, quote, translated } from './projection.ts';
import { textOf } from './shapes.ts';

const AGGREGATES: Readonly<Record<string, string>> = {
  sum: 'sum()',
  avg: 'mean()',
  average: 'mean()',
  mean: 'mean()',
  min: 'min()',
  max: 'max()',
  count: 'count()',
  count_distinct: 'n_unique()',
  first: 'first()',
  last: 'last()',
  median: 'median()',
  stddev: 'std()',
  std: 'std()',
};

const AGGREGATE = /^(?<name>[a-z_]+)\s*\((?<inner>.*)\)$/is;

/** Entries with an aggregate, like `sum(salary)`, are computed for each group; the others make the groups. */
export function groupMethods(mapping: Mapping, node: LegacyNode): Made | 'refused' {
  const entries = [...node.entries.filter((entry) => entry.isSelected), ...ownEntries(node)];
  const keys: string[] = [];
  const values: string[] = [];
  for (const entry of entries) {
    const made = translated(mapping, entry, () => itemOf(entry));
    if (made === undefined) return 'refused';
    (made.isAggregate ? values : keys).push(made.text);
  }
  if (keys.length + values.length === 0) {
    mapping.reading.refuse(node.path, `${node.name} groups by nothing and computes nothing`);
    return 'refused';
  }
  const columns = [
    ...entries.filter((entry) => aggregateOf(entry) === undefined),
    ...entries.filter((entry) => aggregateOf(entry) !== undefined),
  ].map((entry) => entry.target);
  if (keys.length === 0) return { methods: [call('select', values)], columns };
  if (values.length === 0) return { methods: [call('select', keys), '.unique()'], columns };
  return { methods: [call('group_by', keys), call('agg', values)], columns };
}

type Item = { readonly text: string; readonly isAggregate: boolean };

function itemOf(entry: Entry): Item {
  const aggregate = aggregateOf(entry);
  if (aggregate === undefined) {
    if (entry.expression === '' || entry.expression === entry.name) {
      const isSame = entry.target === entry.name;
      return {
        text: isSame ? quote(entry.name) : `${column(entry.name)}.alias(${quote(entry.target)})`,
        isAggregate: false,
      };
    }
    return {
      text: `${polarsOf(entry, entry.expression)}.alias(${quote(entry.target)})`,
      isAggregate: false,
    };
  }
  const { inner, method } = aggregate;
  const isRows = method === 'count()' && /^[\s*1]*$/.test(inner);
  const value = isRows ? 'pl.len()' : `${polarsOf(entry, inner)}.${method}`;
  return { text: `${value}.alias(${quote(entry.target)})`, isAggregate: true };
}

function polarsOf({ name }: Entry, text: string): string {
  return translateLegacyExpression({ text, field: name }).polars;
}

function aggregateOf({
  expression,
}: Entry): { readonly inner: string; readonly method: string } | undefined {
  const { name, inner = '' } = AGGREGATE.exec(expression.trim())?.groups ?? {};
  const word = name?.toLowerCase() ?? '';
  if (!Object.hasOwn(AGGREGATES, word)) return undefined;
  const distinct = /^distinct\s+(?<rest>.*)$/is.exec(inner.trim())?.groups?.['rest'];
  if (word === 'count' && distinct !== undefined) return { inner: distinct, method: 'n_unique()' };
  return { inner, method: AGGREGATES[word] ?? '' };
}

/** `group_by: [names]` and `aggregations: [{column, function, alias}]`, as canvases have them. */
function ownEntries({ settings, path }: LegacyNode): Entry[] {
  const keys = namesIn(settings['group_by'] ?? settings['groupBy']);
  const groups = keys.map((name) => entry(`${path}.group_by`, name, ''));
  const aggregations = settings['aggregations'];
  const values = isList(aggregations) ? aggregations.filter(isRecord) : [];
  return [
    ...groups,
    ...values.map((value) => {
      const of = textOf(value['column'] ?? '*');
      const word = textOf(value['function']).toLowerCase();
      const alias = textOf(value['alias']);
      return entry(`${path}.aggregations`, alias || `${of}_${word}`, `${word}(${of})`);
    }),
  ];
}

function entry(path: string, name: string, expression: string): Entry {
  return { path, name, target: name, isSelected: true, expression };
}

export function namesIn(value: Json | undefined): string[] {
  if (typeof value === 'string')
    return value
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
  return isList(value) ? value.map(textOf).filter(Boolean) : [];
}
