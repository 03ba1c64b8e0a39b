import { resourceNameField, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

const config = z.strictObject({
  connection: resourceNameField().describe('The connection to read from.'),
  query: z
    .string()
    .min(1)
    .describe(
      'One SELECT. `${{ params.name }}` stands where a value may stand and is bound, never pasted.',
    ),
});

export const postgresExtract: TaskDefinition<typeof config> = {
  type: 'postgres_extract',
  description: 'Reads the rows of a PostgreSQL query into a dataset.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'dataset',
  lane: 'slot',
  textFields: ['query'],
  connections: ({ connection }) => [connection],
  outputSchema: ({ described }) => described,
};
