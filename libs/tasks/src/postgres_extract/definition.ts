import { durationField, resourceNameField, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { PARALLEL_MAX } from './limits.ts';
import { whyNoPartitions } from './why-no-partitions.ts';

/** Longer than any statement that somebody waits for. */
const STATEMENT_TIMEOUT_MS_MAX = 7 * 86_400_000;

const config = z.strictObject({
  connection: resourceNameField().describe('The connection to read from.'),
  query: z
    .string()
    .min(1)
    .describe(
      'One SELECT. `${{ params.name }}` stands where a value may stand and is bound, never pasted.',
    ),
  parallel: z
    .int()
    .min(1)
    .max(PARALLEL_MAX)
    .optional()
    .describe(
      'Connections that read at the same time, all of them the same snapshot. By default as many as the cores of the ' +
        'executor where a large table is read whole, else one. Rows then come in no order.',
    ),
  split_by: z
    .string()
    .min(1)
    .max(63)
    .optional()
    .describe(
      'For `parallel` with any query: the column of its result, of integers, dates or timestamps, whose ranges the ' +
        'connections share. Queries of one table need none.',
    ),
  numeric: z
    .enum(['decimal', 'float', 'text'])
    .optional()
    .describe(
      'How numeric columns arrive: as exact decimals where at most 38 digits are declared and as text where not ' +
        '(decimal, the default), all as 64-bit floats, or all as text.',
    ),
  unfit: z
    .enum(['fail', 'null', 'text'])
    .optional()
    .describe(
      'What becomes of values that Polars cannot hold, like infinite dates, 24:00 and NaN in a numeric: fail names the ' +
        'row (the default), null makes them NULL, text makes all columns of such types text.',
    ),
  statement_timeout: durationField({ minMs: 1, maxMs: STATEMENT_TIMEOUT_MS_MAX })
    .optional()
    .describe(
      'How long PostgreSQL may take for the query, like 10m. By default as long as the task.',
    ),
  push_down: z
    .boolean()
    .optional()
    .describe(
      'False extracts all rows and columns. Otherwise those are left out that the tasks behind do not use.',
    ),
});

export const postgresExtract: TaskDefinition<typeof config> = {
  type: 'postgres_extract',
  description: 'Reads the rows of a PostgreSQL query into a dataset.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'dataset',
  outside: 'read',
  lane: 'slot',
  textFields: ['query'],
  connections: ({ connection }) => [connection],
  whyNoPartitions,
  takesPushDown: ({ push_down: wanted }) => wanted !== false,
  outputSchema: ({ described }) => described,
};
