import type { TaskResult } from '../runner.ts';

/** Does nothing. */
export async function runNoop(): Promise<TaskResult> {
  return { rows: 0, bytes: 0 };
}
