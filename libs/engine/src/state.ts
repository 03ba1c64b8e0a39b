/**
 * The state of a run, as the engine sees it. Plain data: the scheduler keeps it in PostgreSQL. What follows from the
 * rest (`counts`, `wakeAt`, the counts of upstream tasks) is kept up with each change, so that no input costs a walk
 * over all tasks, and is worked out again by `reviveRunState` when a run is read.
 */
import type { ParameterValue } from '@floe/expression';
import type { ItemsState } from './items/items-state.ts';
import type { RunStatus, StatusCounts, TaskStatus } from './status.ts';
import type { EpochMs } from './epoch-ms.ts';
import type { Failure } from './failure.ts';

export type AttemptEnd = 'succeeded' | 'failed' | 'cancelled' | 'timed_out' | 'lost';

/** How a task ends once it is certain that none of its attempts takes effect any more. */
export type Voiding = {
  readonly end: 'failed' | 'cancelled' | 'timed_out' | 'skipped' | 'upstream_failed';
  readonly failure?: Failure | undefined;
  /** After this nobody waits for the certainty any longer. */
  readonly until: EpochMs;
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
  /** It is claimed, and its worker has yet to say that it has begun. */
  readonly awaitsBegin?: boolean | undefined;
  /** When the engine ends the task, whatever its state. */
  readonly totalDeadlineAt?: EpochMs | undefined;
  readonly failure?: Failure | undefined;
  /** Rows that it made, once it has succeeded. */
  readonly rows?: number | undefined;
  /** Of a task with items, once it has begun. */
  readonly items?: ItemsState | undefined;
  /** An attempt ended without a word of who worked on it: what it commits may still come. */
  readonly isUnheard?: boolean | undefined;
  /** Set while that is being ruled out. */
  readonly voiding?: Voiding | undefined;
  /** Tasks that its newest attempt carries out besides, in their order (O1). */
  readonly followers?: readonly number[] | undefined;
  /** It has succeeded, and nobody has counted its rows. */
  readonly hasUncountedRows?: boolean | undefined;
  /** It has the result of an earlier run. */
  readonly isReused?: boolean | undefined;
  /** Counts from 1, which may be absent: how often it was begun anew after it had succeeded, because its dataset went missing. */
  readonly generation?: number | undefined;
};

export type TaskState = StoredTask & {
  /** Upstream tasks that have not ended. */
  readonly waitingFor: number;
  /** Upstream tasks that failed, in any way; and those that were skipped. */
  readonly failedUpstream: number;
  readonly skippedUpstream: number;
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
  /** What conditions and lists of items look at; they never change. */
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
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
  readonly cause: CancelCause;
  readonly reason: string;
  /** While set, running attempts are left alone: they may end by themselves until then. */
  readonly softUntil?: EpochMs | undefined;
  /** When they were told to stop, where that was later than `at`. */
  readonly stoppedAt?: EpochMs | undefined;
  /** The cancel deadline has passed: no worker is waited for any longer. */
  readonly hasGivenUp?: boolean | undefined;
};

/** `conflict`: another run holds the place that this one asked for. */
export type CancelCause = 'request' | 'timeout' | 'conflict';
