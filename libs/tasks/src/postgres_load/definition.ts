import { durationField, resourceNameField, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

const columnName = () => z.string().min(1).max(63);

const TABLE_PART = '("([^"]|"")+"|[^".\\s]+)';
const TABLE_NAME = new RegExp(`^${TABLE_PART}(\\.${TABLE_PART})?$`);

/** Longer than any statement that somebody waits for. */
const STATEMENT_TIMEOUT_MS_MAX = 7 * 86_400_000;

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
    update: z
      .array(columnName())
      .max(1600)
      .optional()
      .describe(
        'For upsert: the columns of the table that change in rows that are there. By default all that the input fills.',
      ),
    create: z
      .boolean()
      .optional()
      .describe(
        'Makes the table if there is none, with the columns of the input and the key as its primary key.',
      ),
    convert: z
      .boolean()
      .optional()
      .describe(
        'True has PostgreSQL convert what does not fit the columns of the table, as it does for an INSERT: numbers are ' +
          'rounded to the digits that are declared, texts are read. Otherwise such columns are refused.',
      ),
    statement_timeout: durationField({ minMs: 1, maxMs: STATEMENT_TIMEOUT_MS_MAX })
      .optional()
      .describe('How long each statement may take, like 10m. By default as long as the task.'),
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
  outside: 'changed',
  lane: 'slot',
  commitsOnce: true,
  textFields: [],
  connections: ({ connection }) => [connection],
  outputSchema: () => undefined,
};
