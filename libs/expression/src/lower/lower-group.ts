import { assert } from '@floe/errors';
import { writeJson, type Json } from '../json.ts';
import { rows } from './bounds.ts';
import type { Context } from './operation-context.ts';
import { alias } from './shapes.ts';

/** What no column of a user is called. */
const HAVING = '__floe_having_';

/** A group_by whose `having` is computed beside the aggregations, and then filtered by and dropped. */
export function lowerGroup(context: Context): number {
  const { input, add, expressions, flag } = context;
  return filtered(context, (aggregations) =>
    add({
      op: 'group_by',
      input,
      keys: expressions('by').map(writeJson),
      aggregations: aggregations.map(writeJson),
      maintainOrder: flag('maintain_order'),
    }),
  );
}

function filtered(
  { add, expressions }: Context,
  group: (aggregations: readonly Json[]) => number,
): number {
  const conditions = expressions('having');
  const tests = conditions.map((test, index) => alias(test, `${HAVING}${index}`));
  const grouped = group([...expressions('aggs'), ...tests]);
  if (conditions.length === 0) return grouped;
  const names = conditions.map((_, index) => `${HAVING}${index}`);
  const kept = names.reduce<number>(
    (from, name) => add({ op: 'filter', input: from, predicate: writeJson({ Column: name }) }),
    grouped,
  );
  return add({ op: 'drop', input: kept, columns: names });
}

export function lowerDynamicGroup(context: Context): number {
  const { input, add, names, text, textOrNull, flag } = context;
  const every = text('every');
  return filtered(context, (aggregations) =>
    add({
      op: 'group_by_dynamic',
      input,
      index: onlyName(names('index_column')),
      every,
      period: textOrNull('period') ?? every,
      offset: textOrNull('offset') ?? '0ns',
      includeBoundaries: flag('include_boundaries'),
      closed: text('closed'),
      label: text('label'),
      startBy: text('start_by'),
      keys: names('group_by') ?? [],
      aggregations: aggregations.map(writeJson),
    }),
  );
}

export function lowerRollingGroup(context: Context): number {
  const { input, add, names, text, textOrNull } = context;
  const period = text('period');
  return filtered(context, (aggregations) =>
    add({
      op: 'group_by_rolling',
      input,
      index: onlyName(names('index_column')),
      period,
      offset: textOrNull('offset') ?? (period.startsWith('-') ? period.slice(1) : `-${period}`),
      closed: text('closed'),
      keys: names('group_by') ?? [],
      aggregations: aggregations.map(writeJson),
    }),
  );
}

function onlyName(names: readonly string[] | null): string {
  const [name] = names ?? [];
  assert(name !== undefined, 'windows have an index');
  return name;
}

export function lowerGroupRows({ input, add, expressions, flag, integer }: Context): number {
  return add({
    op: 'group_rows',
    input,
    keys: expressions('by').map(writeJson),
    maintainOrder: flag('maintain_order'),
    count: rows('n', integer('n')),
    isFromEnd: flag('from_end'),
  });
}
