import { resourceNameField, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

// A run may take a day unless its workflow says otherwise; the task that stands for it waits as long.
const DEFAULT_TIMEOUT_MS = 24 * 3_600_000;

const config = z.strictObject({
  workflow: resourceNameField().describe('The workflow to run.'),
  version: z.int().min(1).optional().describe('The version to run; without it the newest.'),
  params: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe(
      'Its parameters by name. A text may be `${{ params.name }}`, a parameter of this workflow.',
    ),
  on_close: z
    .enum(['cancel', 'abandon'])
    .optional()
    .describe(
      'What becomes of its run when this task is cancelled or times out. Without it, it is cancelled.',
    ),
});

export const workflow: TaskDefinition<typeof config> = {
  type: 'workflow',
  description: 'Runs another workflow and ends as its run does. No executor is held meanwhile.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'nothing',
  outside: 'changed',
  lane: 'light',
  performer: 'workflow',
  defaultTimeoutMs: DEFAULT_TIMEOUT_MS,
  textFields: ['params'],
  normalise: ({ workflow: name, version, params = {}, on_close = 'cancel' }) => ({
    workflow: name,
    ...(version !== undefined && { version }),
    params,
    on_close,
  }),
  connections: () => [],
  outputSchema: () => undefined,
};
