/** How fast what runs is. Said only where something is known to say it by. */
import type { TaskRun } from '@floe/client';
import { elapsedMs } from '../format/duration.ts';

// Below this a rate says more about the start of a task than about its speed.
const RATE_AFTER_MS = 50;

/** Rows for each second of the task: of its items together, else of the attempt that made them. */
export function rowsPerSecond(task: TaskRun, nowMs: number): number | undefined {
  const attempt = task.items === undefined ? task.attempts.at(-1) : undefined;
  const ms = elapsedMs(attempt?.claimTime ?? task.startTime, task.endTime, nowMs);
  const rows = Number(task.rows);
  if (ms === undefined || ms < RATE_AFTER_MS || rows === 0) return undefined;
  return (rows * 1_000) / ms;
}
