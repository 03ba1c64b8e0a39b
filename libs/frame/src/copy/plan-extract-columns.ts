import type { Schema } from '@floe/expression';
import { FLOAT8, TEXT } from './plain-types.ts';
import {
  type PostgresColumn,
  type PostgresType,
  dataTypeOf,
  schemaOfColumns,
  wireFormatOf,
} from './postgres-types.ts';

/** How `numeric` arrives: exact as decimals where a column declares what fits one, as floats, or as text. */
export type NumericPolicy = 'decimal' | 'float' | 'text';

/**
 * What becomes of values that the column type of Polars cannot hold: infinite dates and timestamps, 24:00, NaN in a
 * decimal. `fail` names the row, `null` makes them NULL, `text` makes all columns of such types text.
 */
export type UnfitPolicy = 'fail' | 'null' | 'text';

export type ExtractPolicy = { readonly numeric: NumericPolicy; readonly unfit: UnfitPolicy };

export const DEFAULT_EXTRACT_POLICY: ExtractPolicy = { numeric: 'decimal', unfit: 'fail' };

/** A column of an extract: what the COPY brings, and the cast that the server does for it. */
export type ExtractColumn = {
  readonly column: PostgresColumn;
  /** `inet` has output that its cast to text does not give: without the mask of a single host. */
  readonly cast: 'text' | 'text[]' | 'float8' | 'float8[]' | 'inet' | undefined;
};

const INET_OID = 869;

/**
 * Decides how each column of a query travels. Types that Polars has hold their values exactly; all others arrive as
 * the text that PostgreSQL writes for them and reads again. Errors: COLUMN_MISMATCH for a name that comes twice.
 */
export function planExtractColumns(
  columns: readonly PostgresColumn[],
  policy: ExtractPolicy,
): readonly ExtractColumn[] {
  const plan = columns.map((column) => planColumn(column, policy));
  schemaOfColumns(plan.map((each) => each.column));
  return plan;
}

/** The columns of the dataset. Errors: as `planExtractColumns`. */
export function schemaOfExtract(columns: readonly PostgresColumn[], policy: ExtractPolicy): Schema {
  return schemaOfColumns(planExtractColumns(columns, policy).map((each) => each.column));
}

function planColumn(column: PostgresColumn, policy: ExtractPolicy): ExtractColumn {
  const { name, type } = column;
  const carrier = carrierOf(type.element ?? type, policy);
  if (carrier === 'itself') return { column, cast: undefined };
  if (type.element === undefined && type.oid === INET_OID)
    return { column: { name, type: TEXT }, cast: 'inet' };
  const element = carrier === 'float8' ? FLOAT8 : TEXT;
  if (type.element === undefined) return { column: { name, type: element }, cast: carrier };
  const { dimensions = 1 } = type;
  const list = { ...type, name: `${element.name}[]`, element, elementOid: element.oid, dimensions };
  return { column: { name, type: list }, cast: `${carrier}[]` };
}

const MAY_BE_UNFIT: ReadonlySet<string> = new Set(['date', 'time', 'timestamp', 'timestamptz']);

function carrierOf(type: PostgresType, policy: ExtractPolicy): 'itself' | 'text' | 'float8' {
  const format = wireFormatOf(type) ?? '';
  if (format === 'numeric' && policy.numeric !== 'decimal')
    return policy.numeric === 'float' ? 'float8' : 'text';
  if (format === 'numeric' && policy.unfit === 'text') return 'text';
  if (policy.unfit === 'text' && MAY_BE_UNFIT.has(format)) return 'text';
  return dataTypeOf(type) === undefined ? 'text' : 'itself';
}
