/**
 * Events of a run as they are stored: those of one commit together, each as the few facts that it changed.
 *
 *   V1. Events of a run are numbered from 1 without a gap; a batch holds consecutive numbers.
 *   V2. What an event shows (`expand-events.ts`) follows from the batch and from what never changes about the run
 *       alone, so that a batch reads the same for ever.
 */
import type { AttemptEnd, Failure, RunStatus, StatusCounts, TaskStatus } from '@floe/engine';
import type { RunRecord } from '../runs/run-record.ts';

/** The run as it was before the first event of a batch, as far as events change it. */
export type RunFacts = {
  readonly status: RunStatus;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly failure?: Failure | undefined;
  readonly counts: StatusCounts;
  readonly rowsLoaded: number;
};

/** A task as it was after an event. Absent numbers are 0. */
export type TaskFacts = {
  readonly status: TaskStatus;
  readonly epoch: number;
  readonly attempts: number;
  readonly readyAt?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly nextAttemptAt?: number | undefined;
  readonly failure?: Failure | undefined;
  readonly rows?: number | undefined;
  readonly hasUncountedRows?: boolean | undefined;
  readonly bytes?: number | undefined;
  readonly peakMemoryBytes?: number | undefined;
  readonly dataset?: unknown;
  readonly executorId?: string | undefined;
  /** How the attempt of this epoch ended. */
  readonly end?: AttemptEnd | undefined;
  /** Absent: the first. */
  readonly generation?: number | undefined;
  /** The run whose result it has, where that is an earlier one's. */
  readonly knownFrom?: string | undefined;
};

export type TaskEvent = {
  readonly type: string;
  readonly task: number;
  /** The state that the task left; absent when it stayed in its state. */
  readonly from?: TaskStatus | undefined;
  readonly facts: TaskFacts;
};

export type RunChangeEvent = {
  readonly type: string;
  readonly run: Pick<RunFacts, 'status' | 'startedAt' | 'endedAt' | 'failure'>;
};

/** What a version of Floe before batches stored: the snapshots themselves. */
export type SaidEvent = {
  readonly type: string;
  readonly task?: number;
  readonly said: { readonly run: object; readonly taskRun?: object };
};

export type RunEvent = TaskEvent | RunChangeEvent | SaidEvent;

/** The events that one commit added to one run. */
export type EventBatch = {
  readonly runId: string;
  readonly firstSequence: number;
  /** When all of them happened. */
  readonly at: number;
  readonly before: RunFacts;
  readonly events: readonly RunEvent[];
};

/** A batch with the run that it belongs to, for publishing. */
export type RecordedEvents = { readonly record: RunRecord; readonly batch: EventBatch };

export function lastSequence(batch: EventBatch): number {
  return batch.firstSequence + batch.events.length - 1;
}
