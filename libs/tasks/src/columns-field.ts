import { FloeError } from '@floe/errors';
import { DATA_TYPE_NAMES, parseDataType, type Schema } from '@floe/expression';
import { z } from 'zod';
import { type Config, stringMapField } from './config-fields.ts';

// PostgreSQL's tables end at 1,600 columns; files go further, though not much.
const COLUMN_COUNT_MAX = 10_000;

const typeField = z.string().refine((text) => parseDataType(text) !== undefined, {
  error: `is no type; types are written as in Polars: ${DATA_TYPE_NAMES.slice(0, 5).join(', ')}, Datetime('us'), ...`,
});

/** A list keeps the order that a map would lose where it is stored. */
const columnField = z
  .record(z.string().min(1), typeField)
  .refine((column) => Object.keys(column).length === 1, {
    error: 'is one name with its type, like `id: Int64`',
  });

/** Names and types of all columns, in their order. */
export const columnsField = () => z.array(columnField).min(1).max(COLUMN_COUNT_MAX).optional();

/** The columns that the document declares; undefined when it declares none, or one that is no type. */
export function declaredSchema(
  columns: readonly Readonly<Record<string, string>>[] | undefined,
): Schema | undefined {
  if (columns === undefined) return undefined;
  const entries = columns.flatMap((column) => Object.entries(column));
  const schema = entries.flatMap(([name, text]) => {
    const type = parseDataType(text);
    return type === undefined ? [] : [{ name, type }];
  });
  return schema.length === columns.length ? schema : undefined;
}

/** The same, read again where the task runs. Errors: ARGUMENT_INVALID. */
export function declaredColumns(config: Config): Schema | undefined {
  const columns = config['columns'];
  if (columns === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(columns) ? columns : [columns];
  const schema = declaredSchema(list.map((column) => stringMapField({ column }, 'column')));
  if (schema !== undefined) return schema;
  throw new FloeError('ARGUMENT_INVALID', 'the task\'s field "columns" names a type that is none', {
    details: { field: 'columns' },
    hint: 'apply the workflow again',
  });
}
