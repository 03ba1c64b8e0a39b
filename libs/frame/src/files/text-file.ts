import type { Schema } from '@floe/expression';
import type { CsvOptions } from './scan-text.ts';
import type { TextShape } from './text-records.ts';

export type TextFile = {
  readonly path: string;
  readonly format: 'csv' | 'ndjson';
  readonly csv: CsvOptions;
  /** Columns in the file's order; undefined when it is so wrong that they cannot be told. */
  readonly schema: Schema | undefined;
  readonly isDeclared: boolean;
  readonly isMasked: (column: string) => boolean;
  /** A file for a moment; its name is nobody else's. */
  readonly scratch: string;
};

export function textShape({ format, csv }: Pick<TextFile, 'format' | 'csv'>): TextShape {
  return { format, separator: (csv.separator ?? ',').charCodeAt(0) };
}
