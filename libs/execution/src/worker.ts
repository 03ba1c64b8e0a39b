import type { Capacity } from './lane.ts';
import type { AttemptFailure, AttemptResult, Outcome, Settlement } from './outcome.ts';
import type { Lease, Progress } from './scheduler.ts';

/** Why work is ended before it has ended by itself. */
export type StopReason =
  /** The lease is gone: whatever comes out is nobody's. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed_out'; readonly timeoutMs: number }
  | { readonly kind: 'stalled'; readonly progressTimeoutMs: number }
  | { readonly kind: 'memory'; readonly usedBytes: number; readonly limitBytes: number }
  | { readonly kind: 'drained' };

/** How work ended. */
export type WorkEnd = (
  | { readonly kind: 'succeeded'; readonly result: AttemptResult }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure }
  /** What ran it is gone, by itself or by `stop`; the failure says what is known of it. */
  | { readonly kind: 'died'; readonly failure: AttemptFailure }
) & { readonly peakMemoryBytes: number };

/** What is heard of work. Nothing is heard after its end, and its end only once. */
export type WorkListener = {
  onProgress(progress: Progress): void;
  onMemoryExceeded(use: { readonly usedBytes: number; readonly limitBytes: number }): void;
  onEnd(end: WorkEnd): void;
};

/** Work that has begun. */
export type RunningWork = {
  /** Ends it at once, with everything it started; `onEnd` follows when nothing of it can act any more. */
  stop(reason: StopReason): void;
  /** What is to be told of it has been decided; what comes back is told, with all secrets masked. */
  conclude(outcome: Outcome): Outcome;
  /** The last call: what became of its outcome, which is undefined when the lease was lost first. */
  settle(settlement: Settlement, outcome: Outcome | undefined): void;
};

/** What runs attempts: warm worker processes and the lane of light tasks. */
export type Worker<Work> = {
  readonly free: Capacity;
  /** Called when there is more room than before, other than by the end of work. */
  onRoom(listener: () => void): void;
  /** Begins the work of a lease; when there is no room, as soon as there is. Calls nothing back before it returns. */
  run(lease: Lease<Work>, listener: WorkListener): RunningWork;
};
