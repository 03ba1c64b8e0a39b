import { assert } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import type { EpochMs } from './epoch-ms.ts';
import type { RunGraph } from './graph.ts';
import type { RunState, StoredRun, StoredTask, TaskState } from './state.ts';
import { countStatuses, isTaskEnded, isTaskFailed } from './status.ts';
import { earliestWake } from './wake-at.ts';

export type NewRunOptions = {
  readonly now: EpochMs;
  readonly timeoutMs: number;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
};

export const UNTOUCHED: StoredTask = { status: 'pending', epoch: 0, attempts: 0, losses: 0 };

/** The state of a run that was just accepted: nothing is ready before the input `start`. */
export function newRunState(graph: RunGraph, options: NewRunOptions): RunState {
  return reviveRunState(
    graph,
    newRun(options),
    graph.tasks.map(() => UNTOUCHED),
  );
}

export function newRun({ now, timeoutMs, parameters }: NewRunOptions): StoredRun {
  return {
    status: 'queued',
    createdAt: now,
    deadlineAt: now + timeoutMs,
    ...(parameters !== undefined && { parameters }),
  };
}

/** A run as it was kept, with all that follows from it. */
export function reviveRunState(
  graph: RunGraph,
  run: StoredRun,
  stored: readonly StoredTask[],
): RunState {
  assert(graph.tasks.length === stored.length, 'a run has the tasks of its graph');
  const tasks = stored.map((task, index): TaskState => {
    const upstream = graph.tasks[index]!.upstream.map((up) => stored[up]!.status);
    return {
      ...task,
      waitingFor: upstream.filter((status) => !isTaskEnded(status)).length,
      failedUpstream: upstream.filter(isTaskFailed).length,
      skippedUpstream: upstream.filter((status) => status === 'skipped').length,
    };
  });
  return { ...run, counts: countStatuses(tasks), wakeAt: earliestWake(run, tasks), tasks };
}
