/** What the scheduler is told about the end of an attempt: decided here, from facts only. */
import type { FinishAttemptRequest } from '@floe/rpc/internal-contracts';
import { describeExit } from './worker-process.ts';
import type { JobEnd, WorkerExit } from './worker-process.ts';
import type { AttemptFailure } from './worker/messages.ts';

/** Why the executor ended a worker. */
export type StopReason =
  /** The lease is gone: whatever comes out is nobody's. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed_out'; readonly timeoutMs: number }
  | { readonly kind: 'memory'; readonly usedBytes: number; readonly limitBytes: number }
  | { readonly kind: 'drained' };

export type Outcome = NonNullable<FinishAttemptRequest['outcome']>;

type Failed = Extract<Outcome, { $case: 'failed' }>['value'];

/**
 * The outcome of an attempt; undefined when nobody may hear of it. A result that arrived before the worker was killed
 * counts: what it did is done.
 */
export function decideOutcome(end: JobEnd, stop: StopReason | undefined): Outcome | undefined {
  if (stop?.kind === 'lost') return undefined;
  if (end.kind === 'succeeded') {
    const { rows, bytes, datasetJson } = end;
    const value = { rows: BigInt(rows), bytes: BigInt(bytes), datasetJson, failedItems: [] };
    return { $case: 'succeeded', value };
  }
  if (stop !== undefined) return stoppedOutcome(stop);
  if (end.kind === 'failed') return failed(end.failure);
  return failed(crashFailure(end), { lost: true });
}

function stoppedOutcome(stop: Exclude<StopReason, { kind: 'lost' }>): Outcome {
  switch (stop.kind) {
    case 'cancelled':
      return failed(CANCELLED, { cancelled: true });
    case 'timed_out':
      return failed(timeoutFailure(stop.timeoutMs), { timedOut: true });
    case 'memory':
      return failed(memoryFailure(stop.usedBytes, stop.limitBytes));
    case 'drained':
      return { $case: 'handedBack', value: { reason: 'the executor drains' } };
  }
}

type Flags = Partial<Pick<Failed, 'cancelled' | 'lost' | 'timedOut'>>;

export function failed(failure: AttemptFailure, flags: Flags = {}): Outcome {
  const { code, message, details, hint = '', retryable } = failure;
  const value: Failed = {
    // The task is known from the attempt.
    failure: { code, message, details: { ...details }, hint, taskId: '' },
    retryable,
    cancelled: false,
    lost: false,
    timedOut: false,
    ...flags,
  };
  return { $case: 'failed', value };
}

const CANCELLED: AttemptFailure = {
  code: 'RUN_CANCELLED',
  message: 'the run was cancelled while the task ran; its worker was killed',
  details: {},
  retryable: false,
};

function timeoutFailure(timeoutMs: number): AttemptFailure {
  return {
    code: 'ATTEMPT_TIMEOUT',
    message: `the attempt ran longer than the timeout of its task, ${timeoutMs / 1_000} s; its worker was killed`,
    details: { timeout_ms: String(timeoutMs) },
    hint: 'raise the timeout of the task, or make it do less',
    retryable: true,
  };
}

function memoryFailure(usedBytes: number, limitBytes: number): AttemptFailure {
  return {
    code: 'MEMORY_EXCEEDED',
    message: `the task ${describeUse(usedBytes, limitBytes)} of memory; its worker was killed`,
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

// 128 and the number of SIGABRT: how a shell in between would report it.
const ABORT_EXIT_CODE = 134;

function crashFailure(exit: WorkerExit): AttemptFailure {
  return {
    code: 'WORKER_CRASHED',
    message: `the worker process ended while it ran the task: ${describeExit(exit)}${crashCause(exit)}`,
    details: { exit_code: String(exit.code ?? ''), signal: exit.signal ?? '' },
    hint: crashHint(exit),
    retryable: true,
  };
}

function isAbort({ code, signal }: WorkerExit): boolean {
  return code === ABORT_EXIT_CODE || signal === 'SIGABRT';
}

function crashCause(exit: WorkerExit): string {
  return isAbort(exit) ? ' (Polars aborted; its words are in the log of the task)' : '';
}

function crashHint(exit: WorkerExit): string {
  if (isAbort(exit))
    return 'a value or an operation that Polars cannot handle: look at the log of the task';
  return exit.signal === 'SIGKILL'
    ? 'somebody killed it: perhaps the machine ran out of memory'
    : 'look at the log of the task';
}
