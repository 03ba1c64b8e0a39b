/** Text files as Polars reads them. */
import { FloeError } from '@floe/errors';
import { type DataType, formatDataType, type Schema } from '@floe/expression';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { toPolarsType } from '../polars/polars-type.ts';
import { literalPath } from '../polars/sink-dataset.ts';

export type CsvOptions = {
  /** One character. */
  readonly separator?: string;
  readonly hasHeader?: boolean;
  /** Texts that stand for NULL, besides the empty field. */
  readonly nullValues?: readonly string[];
  /** Lines with fewer fields than the first are not refused: what they lack is NULL. */
  readonly fillsShortLines?: boolean;
};

// Rows that Polars reads to learn the types of a text file's columns; a rare late value may still surprise it.
export const INFERENCE_ROWS = 10_000;

/** The columns of the schema are those of the file, in the file's order. */
export function scanCsv(path: string, csv: CsvOptions, schema?: Schema): LazyDataFrame {
  return pl.scanCSV(literalPath(path), {
    inferSchemaLength: INFERENCE_ROWS,
    parseDates: true,
    hasHeader: csv.hasHeader ?? true,
    ...(csv.separator !== undefined && { sep: csv.separator }),
    ...(csv.nullValues !== undefined && { nullValues: [...csv.nullValues] }),
    ...(schema !== undefined && { schema: polarsTypes(schema) }),
  });
}

/** The names alone, as texts: a value that has no type of ours is no matter of theirs. */
export function scanCsvHeader(path: string, csv: CsvOptions): LazyDataFrame {
  return pl
    .scanCSV(literalPath(path), {
      inferSchemaLength: 0,
      hasHeader: true,
      ...(csv.separator !== undefined && { sep: csv.separator }),
    })
    .head(0);
}

/** Errors: TYPE_UNSUPPORTED for what Polars reads out of no NDJSON, and would end the process over. */
export function scanNdjson(path: string, schema?: Schema): LazyDataFrame {
  const inferSchemaLength = INFERENCE_ROWS;
  if (schema === undefined) return pl.scanJson(literalPath(path), { inferSchemaLength });
  requireNdjsonTypes(schema);
  const wide = schema.map((column) => (isNarrow(column) ? { ...column, type: INT64 } : column));
  const narrow = schema
    .filter(isNarrow)
    .map(({ name, type }) => pl.col(name).cast(toPolarsType(type), true));
  const frame = pl.scanJson(literalPath(path), { inferSchemaLength, schema: polarsTypes(wide) });
  return narrow.length === 0 ? frame : frame.withColumns(...narrow);
}

const INT64: DataType = { kind: 'int64' };

/** Polars knows no such integers in NDJSON. */
const isNarrow = ({ type }: Schema[number]) => /^u?int(8|16)$/.test(type.kind);

function requireNdjsonTypes(schema: Schema): void {
  const other = schema.find(({ type }) => /^(decimal|time|duration|binary)$/.test(type.kind));
  if (other === undefined) return;
  const { name, type } = other;
  const message = `column ${JSON.stringify(name)} cannot be read as ${formatDataType(type)} out of NDJSON`;
  throw new FloeError('TYPE_UNSUPPORTED', message, {
    details: { column: name },
    hint: `Declare \`- ${name}: String\` and cast it in a transform; numbers are exact there only as far as Float64 is, unless they stand in quotes.`,
  });
}

function polarsTypes(schema: Schema): Record<string, ReturnType<typeof toPolarsType>> {
  return Object.fromEntries(schema.map(({ name, type }) => [name, toPolarsType(type)]));
}
