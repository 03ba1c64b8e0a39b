import { resourceNameField, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

// A script of more steps is easier to follow as several tasks.
const STATEMENT_COUNT_MAX = 100;
// Longer statements carry data, which belongs into a load.
const STATEMENT_LENGTH_MAX = 100_000;

const config = z.strictObject({
  connection: resourceNameField().describe('The connection to run on.'),
  statements: z
    .array(z.string().min(1).max(STATEMENT_LENGTH_MAX))
    .min(1)
    .max(STATEMENT_COUNT_MAX)
    .describe(
      'SQL statements, run in order in one transaction. `${{ params.name }}` stands where a value may stand and is ' +
        'bound, never pasted.',
    ),
});

export const postgresSql: TaskDefinition<typeof config> = {
  type: 'postgres_sql',
  description: 'Runs SQL statements in one transaction, which takes effect once for each run.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'nothing',
  outside: 'changed',
  lane: 'slot',
  commitsOnce: true,
  textFields: ['statements'],
  connections: ({ connection }) => [connection],
  outputSchema: () => undefined,
};
