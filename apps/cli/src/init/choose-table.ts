import { FloeError, nearestName } from '@floe/errors';
import type { SeenColumn, SeenTable } from './look-at-tables.ts';

/** What says which rows are new since the last time. */
export type Watermark = { readonly column: SeenColumn; readonly kind: 'datetime' | 'date' };

const KINDS: Readonly<Record<string, Watermark['kind']>> = {
  timestamp: 'datetime',
  timestamptz: 'datetime',
  date: 'date',
};

// In this order: a change is newer than a making, and a making newer than any other time that a row has.
const CHANGED =
  /^(?:updated?|modified|changed|last_?(?:updated?|modified|changed?))(?:_?(?:at|on|time|date|ts))?$/i;
const MADE = /^(?:created?|inserted|made|ingested|loaded)(?:_?(?:at|on|time|date|ts))?$/i;

/**
 * The column by which rows can be asked for since a time. Undefined where the table has none, and where no key tells
 * its rows apart: a copy without a key can only be made whole.
 */
export function findWatermark({ columns, key }: SeenTable): Watermark | undefined {
  if (key.length === 0) return undefined;
  const times = columns.filter(({ type }) => type in KINDS);
  const found =
    times.find(({ name }) => CHANGED.test(name)) ??
    times.find(({ name }) => MADE.test(name)) ??
    times.find(({ isNullable }) => !isNullable);
  const kind = found && KINDS[found.type];
  return found === undefined || kind === undefined ? undefined : { column: found, kind };
}

/**
 * The table that is named, or the one that shows most: with a key and a time before one without, and among those the
 * largest. Throws TABLE_NOT_FOUND.
 */
export function chooseTable(tables: readonly SeenTable[], wanted: string | undefined): SeenTable {
  if (wanted !== undefined) return findNamed(tables, wanted);
  const [first] = tables.toSorted((a, b) => worthOf(b) - worthOf(a));
  if (first !== undefined) return first;
  throw new FloeError('TABLE_NOT_FOUND', 'the user may read no table of this database', {
    hint: 'Grant select on one, or name another database.',
  });
}

function worthOf(table: SeenTable): number {
  return (table.key.length > 0 ? 2 : 0) + (findWatermark(table) === undefined ? 0 : 1);
}

function findNamed(tables: readonly SeenTable[], wanted: string): SeenTable {
  const found = tables.filter(
    ({ schema, table }) => `${schema}.${table}` === wanted || table === wanted,
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = (found.length > 1 ? found : tables).map(fullName);
  if (found.length > 1) {
    throw new FloeError('ARGUMENT_INVALID', `several tables are called ${wanted}`, {
      hint: `Say which: ${names.join(', ')}.`,
    });
  }
  const nearest =
    nearestName(wanted, names) ??
    nearestName(
      wanted,
      tables.map(({ table }) => table),
    );
  throw new FloeError('TABLE_NOT_FOUND', `there is no table ${wanted} that the user may read`, {
    hint: nearest === undefined ? `There are: ${listOf(names)}.` : `Did you mean ${nearest}?`,
  });
}

// As many as fit into a line or two.
const NAMED_MAX = 10;

function listOf(names: readonly string[]): string {
  return [...names.slice(0, NAMED_MAX), ...(names.length > NAMED_MAX ? ['…'] : [])].join(', ');
}

export function fullName({ schema, table }: SeenTable): string {
  return `${schema}.${table}`;
}
