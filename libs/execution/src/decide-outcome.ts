/** What the scheduler is told about the end of an attempt: decided here, from facts only. */
import type { AttemptFailure, Outcome } from './outcome.ts';
import type { StopReason, WorkEnd } from './worker.ts';

/**
 * The outcome of an attempt; undefined when nobody may hear of it. A result that arrived before the work was stopped
 * counts: what it did is done.
 */
export function decideOutcome(end: WorkEnd, stop: StopReason | undefined): Outcome | undefined {
  if (stop?.kind === 'lost') return undefined;
  if (end.kind === 'succeeded') return { kind: 'succeeded', result: end.result };
  if (stop !== undefined) return stoppedOutcome(stop);
  return { kind: 'failed', failure: end.failure, cause: end.kind === 'died' ? 'lost' : 'task' };
}

function stoppedOutcome(stop: Exclude<StopReason, { kind: 'lost' }>): Outcome {
  switch (stop.kind) {
    case 'cancelled':
      return { kind: 'failed', failure: CANCELLED, cause: 'cancelled' };
    case 'timed_out':
      return { kind: 'failed', failure: timeoutFailure(stop.timeoutMs), cause: 'timed_out' };
    case 'stalled':
      return { kind: 'failed', failure: stalledFailure(stop.progressTimeoutMs), cause: 'task' };
    case 'memory':
      return { kind: 'failed', failure: memoryFailure(stop), cause: 'task' };
    case 'drained':
      return { kind: 'handed_back', reason: 'the executor drains' };
  }
}

const CANCELLED: AttemptFailure = {
  code: 'RUN_CANCELLED',
  message: 'the run was cancelled while the task ran; the task was ended',
  details: {},
  retryable: false,
};

function timeoutFailure(timeoutMs: number): AttemptFailure {
  return {
    code: 'ATTEMPT_TIMEOUT',
    message: `the attempt ran longer than the timeout of its task, ${timeoutMs / 1_000} s; it was ended`,
    details: { timeout_ms: String(timeoutMs) },
    hint: 'raise the timeout of the task, or make it do less',
    retryable: true,
  };
}

function stalledFailure(progressTimeoutMs: number): AttemptFailure {
  return {
    code: 'PROGRESS_TIMEOUT',
    message: `the task reported no progress for ${progressTimeoutMs / 1_000} s; it was ended`,
    details: { progress_timeout_ms: String(progressTimeoutMs) },
    hint: 'raise the progress_timeout of the task if a single step of it may take longer',
    retryable: true,
  };
}

type MemoryUse = { readonly usedBytes: number; readonly limitBytes: number };

function memoryFailure({ usedBytes, limitBytes }: MemoryUse): AttemptFailure {
  return {
    code: 'MEMORY_EXCEEDED',
    message: `the task ${describeUse(usedBytes, limitBytes)} of memory; its worker was ended`,
    details: { used_bytes: String(usedBytes), limit_bytes: String(limitBytes) },
    hint: 'raise the memory of the task, or let it take fewer rows or columns',
    retryable: true,
  };
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** `used 4.1 of 4.0 GiB`: rounded up, so that the first number is never the second. */
export function describeUse(usedBytes: number, limitBytes: number): string {
  const [unit, size] = limitBytes >= GIB ? ['GiB', GIB] : ['MiB', MIB];
  const limit = Math.floor((limitBytes * 10) / size) / 10;
  const used = Math.max(Math.ceil((usedBytes * 10) / size) / 10, limit + 0.1);
  return `used ${used.toFixed(1)} of ${limit.toFixed(1)} ${unit}`;
}

/** Why work is ended, for a log. */
export function describeStop(reason: StopReason): string {
  switch (reason.kind) {
    case 'lost':
      return reason.reason;
    case 'cancelled':
      return 'the run is cancelled';
    case 'timed_out':
      return `it ran longer than its timeout of ${reason.timeoutMs} ms`;
    case 'stalled':
      return `it reported no progress for ${reason.progressTimeoutMs} ms`;
    case 'memory':
      return `it ${describeUse(reason.usedBytes, reason.limitBytes)} of memory`;
    case 'drained':
      return 'the executor drains';
  }
}
