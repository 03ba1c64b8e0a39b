/** Text files as Polars reads them. */
import type { Schema } from '@floe/expression';
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

export function scanNdjson(path: string, schema?: Schema): LazyDataFrame {
  return pl.scanJson(literalPath(path), {
    inferSchemaLength: INFERENCE_ROWS,
    ...(schema !== undefined && { schema: polarsTypes(schema) }),
  });
}

function polarsTypes(schema: Schema): Record<string, ReturnType<typeof toPolarsType>> {
  return Object.fromEntries(schema.map(({ name, type }) => [name, toPolarsType(type)]));
}
