import { durationField, parseDurationMs, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

// A longer pause belongs into a schedule: a sleeping task holds a slot.
const SLEEP_MS_MAX = 24 * 3_600_000;

const config = z.strictObject({
  duration: durationField({ minMs: 0, maxMs: SLEEP_MS_MAX }).describe('How long, like 30s or 5m.'),
});

export const sleep: TaskDefinition<typeof config> = {
  type: 'sleep',
  description: 'Waits.',
  config,
  inputs: { min: 0, max: 0 },
  produces: 'nothing',
  outside: 'untouched',
  lane: 'light',
  textFields: [],
  normalise: ({ duration }) => ({ duration_ms: parseDurationMs(duration) ?? 0 }),
  connections: () => [],
  outputSchema: () => undefined,
};
