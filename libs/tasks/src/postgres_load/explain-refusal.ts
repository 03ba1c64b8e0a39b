/**
 * Says which row of a load the database refused, and its values.
 *
 * PostgreSQL shows whole rows in such errors. Here only the columns that the error is about appear, shortened, and not
 * those whose name says that they are secret. What triggers and functions say in words of their own is not repeated where
 * the load has such columns.
 */
import {
  type RefusedCopy,
  type TargetSession,
  isRaised,
  quoteTableName,
  refusedCopyOf,
} from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { type PreviewValue, readRow } from '@floe/frame';
import type { LoadPlan } from '@floe/frame/columns';
import { isMaskedColumn, MASK } from '../masked-columns.ts';
import { findKey, findMiscast } from './find-refused-row.ts';
import type { LoadTarget } from './load-target.ts';

/** The longest text that is shown of a value. */
const SHOWN_CHARACTERS = 60;
const SHOWN_COLUMNS = 5;

export type RefusedLoad = {
  /** Columns whose values nobody is shown, besides those whose name speaks of a secret. */
  readonly masked: ReadonlySet<string>;
  readonly paths: readonly string[];
  readonly target: LoadTarget;
  readonly tableText: string;
  /** The staging table, where the load has one. */
  readonly staging: string | undefined;
};

/** The same error where it is about no row. The session stands outside of a transaction. */
export async function explainRefusal(
  session: TargetSession,
  thrown: unknown,
  load: RefusedLoad,
): Promise<unknown> {
  if (!(thrown instanceof FloeError)) return thrown;
  const refused = refusedCopyOf(thrown);
  if (refused === undefined) return explainOther(thrown, load);
  if (refused.isReferredTo) return explainReference(thrown, refused, load);
  const { row, columns } = await placeOf(session, refused, load);
  const values = row === undefined ? '' : await valuesOf(row, columns, load);
  const shown = values !== '' ? values : maskedKey(refused.key, load);
  const where = row === undefined ? 'a row' : `row ${row}`;
  const message = `${where} of the load does not fit table "${load.tableText}": ${said(refused, load)}${shown === '' ? '' : `; it has ${shown}`} [${refused.sqlState}]`;
  return new FloeError(thrown.code, message, {
    cause: thrown.cause,
    details: {
      sql_state: refused.sqlState,
      ...(refused.constraint !== undefined && { constraint: refused.constraint }),
      ...(row !== undefined && { row: String(row) }),
      ...(columns.length > 0 && { columns: columns.join(', ') }),
      ...(shown !== '' && { values: shown }),
    },
    ...hintOf(thrown, load),
  });
}

/** The load deletes or changes a row that has to stay for the sake of others. */
function explainReference(thrown: FloeError, refused: RefusedCopy, load: RefusedLoad): FloeError {
  const { sqlState, constraint } = refused;
  const key = maskedKey(refused.key, load);
  return new FloeError(
    thrown.code,
    `the load would take away a row of table "${load.tableText}" that others refer to: ${said(refused, load)}; it has ${key} [${sqlState}]`,
    {
      cause: thrown.cause,
      details: {
        sql_state: sqlState,
        ...(constraint !== undefined && { constraint }),
        values: key,
      },
      hint: 'write `mode: upsert`, or have the foreign key say what becomes of such rows: `on delete cascade`',
    },
  );
}

/** A trigger's own hint may repeat values as its words do. */
function hintOf(thrown: FloeError, load: RefusedLoad): { hint?: string } {
  const { hint } = thrown;
  return hint === undefined || (isRaised(thrown) && hasMasked(load)) ? {} : { hint };
}

const AFFECTS_ROW_TWICE = '21000';

function explainOther(error: FloeError, load: RefusedLoad): FloeError {
  if (error.details['sql_state'] === AFFECTS_ROW_TWICE)
    return new FloeError(
      'DUPLICATE_KEY',
      `several rows of the load have the same key in table "${load.tableText}", after its triggers or by the collation of its index`,
      { cause: error.cause, hint: 'make the keys distinct in the transform, as the table does' },
    );
  if (!isRaised(error)) return withoutMaskedValue(error, load);
  const state = error.details['sql_state'] ?? '';
  return new FloeError(
    error.code,
    hasMasked(load)
      ? `a trigger or function of table "${load.tableText}" refuses the load, in words that may repeat masked values [${state}]`
      : error.message,
    {
      cause: error.cause,
      details: { sql_state: state },
      hint:
        hintOf(error, load).hint ?? 'see the triggers of the table, and the functions they call',
    },
  );
}

/** What is found before a row is sent shows the value. */
function withoutMaskedValue(error: FloeError, { masked }: RefusedLoad): FloeError {
  const { column, row } = error.details;
  if (column === undefined || row === undefined || !isMaskedColumn(column, masked)) return error;
  return new FloeError(error.code, `a value of column "${column}" in row ${row} cannot be loaded`, {
    details: error.details,
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}

/** Columns of the table that masked ones of the dataset go to, which may have other names. */
export function maskedTargets(plan: LoadPlan, masked: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    plan.flatMap(({ source, target: { name } }) =>
      isMaskedColumn(source, masked) || isMaskedColumn(name, masked) ? [name] : [],
    ),
  );
}

function hasMasked({ target, masked }: RefusedLoad): boolean {
  return maskedTargets(target.plan, masked).size > 0;
}

const DATA_EXCEPTION = /^22/;

/** PostgreSQL quotes a text that it cannot read, and calls the staging table by its name. */
function said(refused: RefusedCopy, load: RefusedLoad): string {
  const message = refused.message.replaceAll(/"stg_[0-9a-f]+_\d+"/g, `"${load.tableText}"`);
  if (!hasMasked(load)) return message;
  if (refused.isRaised) return 'a trigger or function refuses it';
  return DATA_EXCEPTION.test(refused.sqlState) ? message.replace(/"[\s\S]*"/, MASK) : message;
}

type Place = { readonly row: number | undefined; readonly columns: readonly string[] };

async function placeOf(
  session: TargetSession,
  refused: RefusedCopy,
  load: RefusedLoad,
): Promise<Place> {
  const { staging, paths, target } = load;
  const { row, key, sqlState } = refused;
  if (row === undefined && staging !== undefined && DATA_EXCEPTION.test(sqlState)) {
    const found = await findMiscast(session, staging, target.plan);
    if (found !== undefined) return { row: found.row, columns: [found.column] };
  }
  const columns = await columnsOf(session, refused, load);
  if (row !== undefined || key === undefined) return { row, columns };
  return { row: await findKey(paths, target.plan, key), columns };
}

/** The table's columns that the error is about. A constraint may be one of a partition. */
async function columnsOf(
  session: TargetSession,
  { column, constraint, key, table }: RefusedCopy,
  { target }: RefusedLoad,
): Promise<readonly string[]> {
  if (column !== undefined) return [column];
  if (key !== undefined) return key.columns;
  if (constraint === undefined || target.newColumns !== undefined) return [];
  const tables = [target.table, ...(table === undefined ? [] : [table])].map(quoteTableName);
  const [row] = await session.query<{ columns: string[] | null }>(
    `select array(
       select a.attname::text from unnest(c.conkey) as k (number)
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number
     ) as columns
     from pg_constraint c
     where c.conname = $1 and c.conrelid in (select to_regclass(name) from unnest($2::text[]) as name)`,
    [constraint, tables],
  );
  return row?.columns ?? [];
}

async function valuesOf(
  row: number,
  columns: readonly string[],
  { paths, target, masked }: RefusedLoad,
): Promise<string> {
  const values = await readRow(paths, row);
  if (values === undefined) return '';
  return target.plan
    .filter((each) => columns.includes(each.target.name))
    .slice(0, SHOWN_COLUMNS)
    .map(
      ({ source, target: { name } }) =>
        `${name} = ${shownValue([source, name], masked, values[source] ?? null)}`,
    )
    .join(', ');
}

function shownValue(
  names: readonly string[],
  masked: ReadonlySet<string>,
  value: PreviewValue,
): string {
  if (names.some((name) => isMaskedColumn(name, masked))) return MASK;
  const text = value === null ? 'NULL' : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function maskedKey(key: RefusedCopy['key'], { masked, target }: RefusedLoad): string {
  if (key === undefined) return '';
  const hidden = maskedTargets(target.plan, masked);
  // What is no name of a column is an expression, which holds the names of its columns.
  const isSecret = key.columns.some(
    (name) =>
      isMaskedColumn(name, hidden) ||
      (name.includes('(') && [...hidden].some((each) => name.includes(each))),
  );
  const text = isSecret ? MASK : key.values.slice(0, SHOWN_CHARACTERS);
  return `(${key.columns.join(', ')}) = (${text})`;
}
