import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

const config = z.strictObject({});

export const noop: TaskDefinition<typeof config> = {
  type: 'noop',
  description: 'Does nothing. Joins branches, or stands where work will come.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'nothing',
  outside: 'untouched',
  lane: 'light',
  textFields: [],
  connections: () => [],
  outputSchema: () => undefined,
};
