/**
 * The state of a run, as the engine sees it. Plain data: the scheduler keeps it in PostgreSQL.
 */

/** Milliseconds since 1970, by the clock of the control database. */
export type EpochMs = number & { readonly unit?: 'epoch-ms' };

export type RunStatus =
  | 'queued'
  | 'running'
  | 'cancelling'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'timed_out';

export type TaskStatus =
  | 'pending'
  | 'ready'
  | 'running'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'timed_out'
  | 'upstream_failed';

export type AttemptEnd = 'succeeded' | 'failed' | 'cancelled' | 'timed_out' | 'lost';

/** Why something did not succeed, in the words of the error catalogue. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly taskId?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly hint?: string;
};

/** What never changes during a run: the graph of its version and the policy of each task. */
export type RunGraph = { readonly tasks: readonly GraphTask[] };

export type GraphTask = {
  readonly id: string;
  /** Indexes of the tasks that it waits for. */
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  readonly policy: TaskPolicy;
};

export type TaskPolicy = {
  /** Further attempts after a failure. */
  readonly retriesMax: number;
  readonly retryDelayMs: number;
  /** Each delay is the one before times this. */
  readonly retryBackoff: number;
  readonly retryDelayMsMax: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly retryJitter: number;
  /** From claim to end of one attempt. */
  readonly timeoutMs: number;
  /** From ready to claim. */
  readonly queueTimeoutMs: number;
};

export type TaskState = {
  readonly status: TaskStatus;
  /** Number of the newest attempt that was announced; 0 before the first. Only its holder may change anything. */
  readonly epoch: number;
  /** Attempts that were claimed, less those handed back. */
  readonly attempts: number;
  /** Attempts among them that ended because their worker or executor died. */
  readonly losses: number;
  /** Tasks that it still waits for. */
  readonly waitingFor: number;
  readonly readyAt?: EpochMs;
  readonly startedAt?: EpochMs;
  readonly endedAt?: EpochMs;
  readonly nextAttemptAt?: EpochMs;
  /** When the engine ends the present state by itself. */
  readonly deadlineAt?: EpochMs;
  readonly failure?: Failure;
};

export type RunState = {
  readonly status: RunStatus;
  readonly createdAt: EpochMs;
  readonly deadlineAt: EpochMs;
  readonly startedAt?: EpochMs;
  readonly endedAt?: EpochMs;
  readonly cancel?: Cancel;
  readonly failure?: Failure;
  readonly tasks: readonly TaskState[];
};

/** Why the run is being stopped, and by when the engine stops waiting for its workers. */
export type Cancel = {
  readonly at: EpochMs;
  readonly cause: 'request' | 'timeout';
  readonly reason: string;
};

const TERMINAL_RUN: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
]);
const TERMINAL_TASK: ReadonlySet<TaskStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'upstream_failed',
]);

export function isRunEnded(status: RunStatus): boolean {
  return TERMINAL_RUN.has(status);
}

export function isTaskEnded(status: TaskStatus): boolean {
  return TERMINAL_TASK.has(status);
}

/** The state of a run that was just accepted: nothing is ready before the input `start`. */
export function newRunState(graph: RunGraph, times: { now: EpochMs; timeoutMs: number }): RunState {
  return {
    status: 'queued',
    createdAt: times.now,
    deadlineAt: times.now + times.timeoutMs,
    tasks: graph.tasks.map((task) => ({
      status: 'pending',
      epoch: 0,
      attempts: 0,
      losses: 0,
      waitingFor: task.upstream.length,
    })),
  };
}
