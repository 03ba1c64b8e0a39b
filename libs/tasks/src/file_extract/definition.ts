import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { columnsField, declaredSchema } from '../columns-field.ts';
import { formatField, pathField, requireFormat, separatorField } from '../file-fields.ts';

const config = z
  .strictObject({
    path: pathField().describe(
      'The file, or a pattern like `orders/*.csv.gz`; it counts from the folder of FLOE_FILES_DIR. `${{ params.name }}` ' +
        'stands for a part of a name. Files ending in .gz and .zst are unpacked.',
    ),
    format: formatField(),
    columns: columnsField().describe(
      'Names and types of all columns, like `- id: Int64`, the types as Polars writes them. Of csv and ndjson they are ' +
        'inferred when absent: of csv 2001-12-31 and 31/12/2001 are dates, 007 is the number 7, and a column of whole numbers and ' +
        'fractions is Float64, which is exact to 15 digits.',
    ),
    separator: separatorField(),
    header: z.boolean().optional().describe('False when a CSV file begins with rows at once.'),
    null_values: z
      .array(z.string())
      .max(100)
      .optional()
      .describe('Texts of a CSV file that stand for no value, besides the empty field.'),
    fill_short_lines: z
      .boolean()
      .optional()
      .describe(
        'True when lines of a CSV file may have fewer fields than its first: what they lack is NULL, and no error.',
      ),
  })
  .superRefine(requireFormat);

export const fileExtract: TaskDefinition<typeof config> = {
  type: 'file_extract',
  description: 'Reads files (CSV, Parquet, NDJSON, Arrow) into a dataset.',
  config,
  lane: 'slot',
  inputs: { min: 0, max: 0 },
  produces: 'dataset',
  outside: 'read',
  textFields: ['path'],
  connections: () => [],
  file: ({ path }) => path,
  whyNoPartitions: ({ path }) => (isPattern(path) ? undefined : ONE_FILE),
  outputSchema: ({ config: { columns } }) => declaredSchema(columns),
};

// What `glob` takes as more than a name.
const isPattern = (path: string): boolean => /[*?[{]/.test(path);

const ONE_FILE = {
  message: '`partitions` share whole files, and `path` names one',
  hint: 'Write a pattern like `orders/*.csv`, or leave `partitions` out.',
};
