import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import { numberField } from '../config-fields.ts';
import type { TaskContext, TaskResult } from '../runner.ts';

/** Waits `duration_ms`. An abort ends the wait at once. Errors: CANCELLED. */
export async function runSleep(context: TaskContext): Promise<TaskResult> {
  try {
    await delay(numberField(context.config, 'duration_ms'), undefined, { signal: context.signal });
  } catch (thrown) {
    throw new FloeError('CANCELLED', 'the sleep was cancelled', { cause: thrown });
  }
  return { rows: 0, bytes: 0 };
}
