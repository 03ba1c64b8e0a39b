/** Why a worker is gone, in words. A death by signal and the lack of memory are different failures. */
import type { AttemptFailure, WorkEnd } from '@floe/execution';
import { describeExit } from './worker-process.ts';
import type { WorkerExit } from './worker-process.ts';

export type DeathFacts = {
  readonly exit: WorkerExit;
  readonly taskId: string;
  readonly taskType: string;
  /** What the worker last wrote to stderr. */
  readonly lastLines: readonly string[];
  /** Whether the kernel ended a process for lack of memory while the task ran. */
  readonly isOutOfMemory: boolean;
  readonly peakMemoryBytes: number;
};

/** How the work of a worker that is gone has ended. */
export function describeDeath(facts: DeathFacts): WorkEnd {
  const { exit, peakMemoryBytes } = facts;
  const isKernels = exit.signal === 'SIGKILL' && facts.isOutOfMemory;
  if (isKernels) return { kind: 'failed', failure: kernelFailure(facts), peakMemoryBytes };
  if (isAbort(exit) && facts.lastLines.some((line) => REFUSED_ALLOCATION.test(line)))
    return { kind: 'failed', failure: allocationFailure(facts), peakMemoryBytes };
  return { kind: 'died', failure: crashFailure(facts), peakMemoryBytes };
}

// How Rust and V8 abort when an allocation is refused: there is no other sign of it.
const REFUSED_ALLOCATION = /^memory allocation of \d+ bytes failed|JavaScript heap out of memory/;
const MIB = 1024 ** 2;

function kernelFailure(facts: DeathFacts): AttemptFailure {
  return {
    code: 'MEMORY_EXCEEDED',
    message: `the machine ran out of memory and the kernel ended the worker of ${nameOf(facts)}, which used ${useOf(facts)}`,
    details: { used_bytes: String(facts.peakMemoryBytes) },
    hint: 'give the task a "memory" limit below what the machine has, or the machine fewer slots',
    retryable: true,
  };
}

function allocationFailure(facts: DeathFacts): AttemptFailure {
  return {
    code: 'MEMORY_EXCEEDED',
    message: `the worker of ${nameOf(facts)} asked for more memory than it could get; it used ${useOf(facts)}`,
    details: { used_bytes: String(facts.peakMemoryBytes), output: outputOf(facts) },
    hint: 'let the task take fewer rows or columns, or give it a machine with more memory',
    retryable: true,
  };
}

function crashFailure(facts: DeathFacts): AttemptFailure {
  const { exit } = facts;
  const cause = isAbort(exit) ? ' (Polars aborted; its words are in the log of the task)' : '';
  return {
    code: 'WORKER_CRASHED',
    message: `the worker process ended while it ran ${nameOf(facts)}: ${describeExit(exit)}${cause}`,
    details: {
      exit_code: String(exit.code ?? ''),
      signal: exit.signal ?? '',
      output: outputOf(facts),
    },
    hint: crashHint(exit),
    retryable: true,
  };
}

function nameOf({ taskId, taskType }: DeathFacts): string {
  return `task "${taskId}" (${taskType})`;
}

function useOf({ peakMemoryBytes }: DeathFacts): string {
  return `${(peakMemoryBytes / MIB).toFixed(0)} MiB`;
}

// The whole is in the log of the task.
const OUTPUT_CHARACTERS_MAX = 4_000;

function outputOf({ lastLines }: DeathFacts): string {
  return lastLines.join('\n').slice(-OUTPUT_CHARACTERS_MAX);
}

// 128 and the number of SIGABRT: how a shell in between would report it.
const ABORT_EXIT_CODE = 134;

function isAbort({ code, signal }: WorkerExit): boolean {
  return code === ABORT_EXIT_CODE || signal === 'SIGABRT';
}

function crashHint(exit: WorkerExit): string {
  return isAbort(exit)
    ? 'a value or an operation that Polars cannot handle: look at the log of the task'
    : 'look at the log of the task, and for who sends signals on that machine';
}
