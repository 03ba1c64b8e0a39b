import { PARAMETER_TYPES, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

// A question that needs more is a document of its own.
const MESSAGE_LENGTH_MAX = 2_000;
// A person who is asked has about a day; what should wait longer says so.
const DEFAULT_TIMEOUT_MS = 24 * 3_600_000;

const formField = z.strictObject({
  type: z.enum(PARAMETER_TYPES).describe('The type of the answer.'),
  required: z.boolean().optional().describe('False lets it be left out.'),
  description: z.string().max(MESSAGE_LENGTH_MAX).optional().describe('What is asked.'),
});

const config = z.strictObject({
  message: z.string().min(1).max(MESSAGE_LENGTH_MAX).describe('What a person is asked.'),
  form: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), formField)
    .optional()
    .describe('What the person fills in, by name.'),
  on_timeout: z
    .enum(['fail', 'skip', 'approve'])
    .optional()
    .describe('What happens when nobody answers within `timeout`. Without it the task fails.'),
});

export const approval: TaskDefinition<typeof config> = {
  type: 'approval',
  description: 'Waits until a person approves or rejects. No executor is held meanwhile.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'nothing',
  outside: 'changed',
  lane: 'light',
  performer: 'person',
  defaultTimeoutMs: DEFAULT_TIMEOUT_MS,
  textFields: [],
  normalise({ message, form = {}, on_timeout = 'fail' }) {
    const fields = Object.entries(form).map(([name, { type, required, description }]) => [
      name,
      { type, required: required ?? true, description: description ?? '' },
    ]);
    return { message, form: Object.fromEntries(fields), on_timeout };
  },
  connections: () => [],
  outputSchema: () => undefined,
};
