import { rm } from 'node:fs/promises';
import type { TaskRun } from '@floe/client';
import { FloeError } from '@floe/errors';
import type { BenchFloe } from './bench-floe.ts';
import type { RunClock } from './run-clock.ts';

export type TimedTask = {
  readonly seconds: number;
  readonly rows: number;
  readonly peakMemoryBytes: number;
};

/**
 * Runs a workflow and gives the time of each task, from its start on an executor to its accepted outcome. Removes the
 * datasets, so that a bench does not fill the disk.
 */
export async function timeTasks(
  floe: BenchFloe,
  clock: RunClock,
  workflow: string,
): Promise<ReadonlyMap<string, TimedTask>> {
  const { runId } = await clock.time(workflow);
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  for (const { dataset } of taskRuns)
    if (dataset !== undefined) await rm(new URL(dataset.uri), { force: true });
  return new Map(taskRuns.map((task) => [task.taskId, timesOf(task)]));
}

function timesOf(task: TaskRun): TimedTask {
  const { startTime = '', endTime = '', rows, peakMemoryBytes } = task;
  const seconds = (Date.parse(endTime) - Date.parse(startTime)) / 1_000;
  return { seconds, rows: Number(rows), peakMemoryBytes: Number(peakMemoryBytes) };
}

/** Checks that the measured work was done. */
export function taskOf(tasks: ReadonlyMap<string, TimedTask>, id: string, rows: number): TimedTask {
  const task = tasks.get(id);
  if (task?.rows === rows && Number.isFinite(task.seconds)) return task;
  throw new FloeError('INTERNAL', `task ${id} moved ${task?.rows ?? 'no'} rows instead of ${rows}`);
}
