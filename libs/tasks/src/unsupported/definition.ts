import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

// As many parents as a node of an imported workflow may have.
const INPUTS_MAX = 10_000;

const config = z.strictObject({
  connector: z
    .string()
    .min(1)
    .max(200)
    .describe('The type of connector that it stands for, like snowflake.'),
});

export const unsupported: TaskDefinition<typeof config> = {
  type: 'unsupported',
  description:
    'Stands for a step of an imported workflow that Floe has no task for. It fails and names the connector.',
  config,
  inputs: { min: 0, max: INPUTS_MAX },
  produces: 'dataset',
  outside: 'untouched',
  lane: 'light',
  textFields: [],
  connections: () => [],
  outputSchema: () => undefined,
};
