/**
 * The state of a run, as the engine sees it. Plain data: the scheduler keeps it in PostgreSQL. What follows from the
 * rest (`counts`, `wakeAt`, the counts of upstream tasks) is kept up with each change, so that no input costs a walk
 * over all tasks, and is worked out again by `reviveRunState` when a run is read.
 */
import { assert } from '@floe/errors';
import type { RunGraph } from './graph.ts';
import {
  countStatuses,
  isRunEnded,
  isTaskEnded,
  type RunStatus,
  type StatusCounts,
  type TaskStatus,
} from './status.ts';
import { nextRunWake, nextTaskWake } from './wake-at.ts';

/** Milliseconds since 1970, by the clock of the control database. */
export type EpochMs = number & { readonly unit?: 'epoch-ms' };

export type AttemptEnd = 'succeeded' | 'failed' | 'cancelled' | 'timed_out' | 'lost';

/** Why something did not succeed, in the words of the error catalogue. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly taskId?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly hint?: string;
};

/** What is kept of a task. */
export type StoredTask = {
  readonly status: TaskStatus;
  /** Number of the newest attempt that was announced; 0 before the first. Only its holder may change anything. */
  readonly epoch: number;
  /** Attempts that were claimed, less those handed back. */
  readonly attempts: number;
  /** Attempts among them that ended because their worker or executor died. */
  readonly losses: number;
  readonly readyAt?: EpochMs | undefined;
  readonly startedAt?: EpochMs | undefined;
  readonly endedAt?: EpochMs | undefined;
  readonly nextAttemptAt?: EpochMs | undefined;
  /** When the engine ends the present state by itself. */
  readonly deadlineAt?: EpochMs | undefined;
  readonly failure?: Failure | undefined;
};

export type TaskState = StoredTask & {
  /** Upstream tasks that have not ended. */
  readonly waitingFor: number;
};

/** What is kept of a run, besides its tasks. */
export type StoredRun = {
  readonly status: RunStatus;
  readonly createdAt: EpochMs;
  readonly deadlineAt: EpochMs;
  readonly startedAt?: EpochMs | undefined;
  readonly endedAt?: EpochMs | undefined;
  readonly cancel?: Cancel | undefined;
  readonly failure?: Failure | undefined;
};

/** A run without its tasks. */
export type RunHead = StoredRun & {
  readonly counts: StatusCounts;
  /**
   * The instant at which `wake` is due: never later than the first that would change something, and undefined once the
   * run has ended. It may be earlier, when what was due then is past: that wake finds the next one.
   */
  readonly wakeAt?: EpochMs | undefined;
};

export type RunState = RunHead & { readonly tasks: readonly TaskState[] };

/** Why the run is being stopped, and by when the engine stops waiting for its workers. */
export type Cancel = {
  readonly at: EpochMs;
  readonly cause: 'request' | 'timeout';
  readonly reason: string;
};

/** The state of a run that was just accepted: nothing is ready before the input `start`. */
export function newRunState(graph: RunGraph, times: { now: EpochMs; timeoutMs: number }): RunState {
  const run: StoredRun = {
    status: 'queued',
    createdAt: times.now,
    deadlineAt: times.now + times.timeoutMs,
  };
  const task: StoredTask = { status: 'pending', epoch: 0, attempts: 0, losses: 0 };
  return reviveRunState(
    graph,
    run,
    graph.tasks.map(() => task),
  );
}

/** A run as it was kept, with all that follows from it. */
export function reviveRunState(
  graph: RunGraph,
  run: StoredRun,
  stored: readonly StoredTask[],
): RunState {
  assert(graph.tasks.length === stored.length, 'a run has the tasks of its graph');
  const tasks = stored.map((task, index): TaskState => ({
    ...task,
    waitingFor: graph.tasks[index]!.upstream.filter((up) => !isTaskEnded(stored[up]!.status))
      .length,
  }));
  return { ...run, counts: countStatuses(tasks), wakeAt: earliestWake(run, tasks), tasks };
}

/** Exact; looks at every task. */
export function earliestWake(run: StoredRun, tasks: Iterable<StoredTask>): EpochMs | undefined {
  if (isRunEnded(run.status)) return undefined;
  let earliest = nextRunWake(run);
  for (const task of tasks) {
    const due = nextTaskWake(task);
    if (due !== undefined && due < earliest) earliest = due;
  }
  return earliest;
}
