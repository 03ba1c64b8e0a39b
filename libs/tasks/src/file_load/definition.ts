import { FILE_COMPRESSIONS } from '@floe/frame/files';
import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { formatField, pathField, requireFormat, separatorField } from '../file-fields.ts';

const config = z
  .strictObject({
    path: pathField().describe(
      'The file to write, from the folder of FLOE_FILES_DIR on; its folder must be there. `${{ params.name }}` stands for ' +
        'a part of a name.',
    ),
    format: formatField(),
    compression: z
      .enum(FILE_COMPRESSIONS)
      .optional()
      .describe('How csv and ndjson are packed: none, gzip or zstd; by the ending when absent.'),
    separator: separatorField(),
  })
  .superRefine(requireFormat);

export const fileLoad: TaskDefinition<typeof config> = {
  type: 'file_load',
  description: 'Writes a dataset into a file (CSV, Parquet, NDJSON, Arrow), whole or not at all.',
  config,
  lane: 'slot',
  inputs: { min: 1, max: 1 },
  produces: 'nothing',
  outside: 'changed',
  textFields: ['path'],
  connections: () => [],
  file: ({ path }) => path,
  outputSchema: () => undefined,
};
