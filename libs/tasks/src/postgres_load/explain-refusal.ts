/**
 * Says which row of a load the database refused, and its values.
 *
 * PostgreSQL shows whole rows in such errors. Here only the columns that the error is about appear, shortened, and not
 * those whose name says that they are secret.
 */
import {
  type RefusedCopy,
  type TargetSession,
  quoteTableName,
  refusedCopyOf,
} from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { type PreviewValue, readRow } from '@floe/frame';
import type { LoadPlan } from '@floe/frame/columns';
import { isMaskedColumn, MASK } from '../masked-columns.ts';
import type { LoadTarget } from './load-target.ts';

/** The longest text that is shown of a value. */
const SHOWN_CHARACTERS = 60;
const SHOWN_COLUMNS = 5;

export type RefusedLoad = {
  /** Columns whose values nobody is shown, besides those whose name speaks of a secret. */
  readonly masked: ReadonlySet<string>;
  readonly path: string;
  readonly target: LoadTarget;
  readonly tableText: string;
};

/** The same error where it is about no row. The session stands outside of a transaction. */
export async function explainRefusal(
  session: TargetSession,
  thrown: unknown,
  load: RefusedLoad,
): Promise<unknown> {
  if (!(thrown instanceof FloeError)) return thrown;
  const refused = refusedCopyOf(thrown);
  if (refused === undefined) return withoutMaskedValue(thrown, load);
  const columns = await columnsOf(session, refused, load);
  const values = refused.row === undefined ? '' : await valuesOf(refused.row, columns, load);
  const shown = values !== '' ? values : maskedKey(refused.key, load);
  const where = refused.row === undefined ? 'a row' : `row ${refused.row}`;
  const message = `${where} of the load does not fit table "${load.tableText}": ${said(refused, load)}${shown === '' ? '' : `; it has ${shown}`} [${refused.sqlState}]`;
  return new FloeError(thrown.code, message, {
    cause: thrown.cause,
    details: {
      sql_state: refused.sqlState,
      ...(refused.constraint !== undefined && { constraint: refused.constraint }),
      ...(refused.row !== undefined && { row: String(refused.row) }),
      ...(columns.length > 0 && { columns: columns.join(', ') }),
      ...(shown !== '' && { values: shown }),
    },
    ...(thrown.hint !== undefined && { hint: thrown.hint }),
  });
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

/** PostgreSQL quotes a text that it cannot read. */
function said({ message }: RefusedCopy, { target, masked }: RefusedLoad): string {
  return maskedTargets(target.plan, masked).size === 0
    ? message
    : message.replace(/: "[\s\S]*"$/, `: ${MASK}`);
}

/** The table's columns that the error is about. */
async function columnsOf(
  session: TargetSession,
  { column, constraint, key }: RefusedCopy,
  { target }: RefusedLoad,
): Promise<readonly string[]> {
  if (column !== undefined) return [column];
  if (key !== undefined) return key.columns;
  if (constraint === undefined || target.newColumns !== undefined) return [];
  const [row] = await session.query<{ columns: string[] | null }>(
    `select array(
       select a.attname::text from unnest(c.conkey) as k (number)
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number
     ) as columns
     from pg_constraint c where c.conname = $1 and c.conrelid = to_regclass($2)`,
    [constraint, quoteTableName(target.table)],
  );
  return row?.columns ?? [];
}

async function valuesOf(
  row: number,
  columns: readonly string[],
  { path, target, masked }: RefusedLoad,
): Promise<string> {
  const values = await readRow(path, row);
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
