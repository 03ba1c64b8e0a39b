import { resourceNameField, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

const columnName = () => z.string().min(1).max(63);

const TABLE_PART = '("([^"]|"")+"|[^".\\s]+)';
const TABLE_NAME = new RegExp(`^${TABLE_PART}(\\.${TABLE_PART})?$`);

const config = z
  .strictObject({
    connection: resourceNameField().describe('The connection to write to.'),
    table: z
      .string()
      .max(260)
      .regex(TABLE_NAME, { error: 'a table is written like orders or analytics.orders' })
      .describe('The table, with its schema. Case counts as written.'),
    mode: z
      .enum(['append', 'replace', 'truncate', 'upsert'])
      .describe(
        'What becomes of the rows that are there: append keeps them, replace deletes them, truncate empties the ' +
          'table faster but locks readers out, upsert updates those with the same key.',
      ),
    key: z
      .array(columnName())
      .min(1)
      .max(32)
      .optional()
      .describe('Columns of the table that tell its rows apart; for upsert.'),
    columns: z
      .record(columnName(), columnName())
      .optional()
      .describe('Column of the input: column of the table, where they differ.'),
    create_table: z.boolean().optional().describe('Makes the table if there is none.'),
  })
  .superRefine((value, context) => {
    if (value.mode !== 'upsert' || value.key !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['key'],
      message: 'an upsert needs the columns that tell rows apart',
      params: { hint: 'Write `key: [column]`.' },
    });
  });

export const postgresLoad: TaskDefinition<typeof config> = {
  type: 'postgres_load',
  description: 'Writes a dataset into a PostgreSQL table, exactly once for each run.',
  config,
  inputs: { min: 1, max: 1 },
  produces: 'nothing',
  lane: 'slot',
  textFields: [],
  connections: ({ connection }) => [connection],
  outputSchema: () => undefined,
};
