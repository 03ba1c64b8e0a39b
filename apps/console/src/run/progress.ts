/** How fast what runs is, and about how long it has still to go. Said only where something is known to say it by. */
import type { Run, TaskRun } from '@floe/client';
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

/** Until the items that are left are done, if they take as long as those before them. */
export function itemsLeftMs(task: TaskRun, nowMs: number): number | undefined {
  const { items, startTime, endTime } = task;
  const ms = elapsedMs(startTime, undefined, nowMs);
  if (items === undefined || ms === undefined || endTime !== undefined) return undefined;
  const done = items.succeeded + items.failed;
  return done === 0 || done >= items.total ? undefined : ((items.total - done) * ms) / done;
}

/** By how long half of the runs of the workflow take; past that, all that can be said is that it takes longer. */
export function runLeftMs(
  { createTime, endTime }: Run,
  usualMs: number | undefined,
  nowMs: number,
): number | undefined {
  const ms = elapsedMs(createTime, undefined, nowMs);
  if (usualMs === undefined || ms === undefined || endTime !== undefined) return undefined;
  return usualMs > ms ? usualMs - ms : undefined;
}
