import type { Failure } from '../failure.ts';
import type { EpochMs } from '../epoch-ms.ts';

/**
 * The items of one task run, compact: one character each for what became of it, and the chunks that are not done.
 *
 * An item is in exactly one place: not handed out yet (`next` and above), in the chunk that is offered, in a chunk that
 * runs, in one that waits, or done.
 */
export type ItemsState = {
  readonly total: number;
  /** The first item that was never handed out. */
  readonly next: number;
  /** By item: `.` not done, `s` succeeded, `f` failed for good. */
  readonly done: string;
  readonly succeeded: number;
  readonly failed: number;
  /** The first failures, for people. */
  readonly failures: readonly ItemFailure[];
  /** Announced under the task's epoch, and claimed by nobody. */
  readonly offer?: Chunk | undefined;
  readonly live: readonly LiveChunk[];
  readonly waiting: readonly WaitingChunk[];
  /** Of partitions with a lead: what it has handed out to them; absent until it has. */
  readonly handout?: string | undefined;
  /** Of partitions that are done: the rows of each. */
  readonly partRows?: Readonly<Record<number, number>> | undefined;
};

/** Items that are tried together, and how often they failed or were lost so far. */
export type Chunk = {
  /** Positions as ranges, like `0-99,105`; none for the lead of partitions. */
  readonly items: string;
  readonly failures: number;
  readonly losses: number;
};

export type LiveChunk = Chunk & { readonly epoch: number; readonly deadlineAt: EpochMs };

/** To be offered, as soon as there is place and the time has come. */
export type WaitingChunk = Chunk & { readonly notBefore?: EpochMs | undefined };

export type ItemFailure = { readonly index: number; readonly failure: Failure };

export function newItems(total: number): ItemsState {
  return {
    total,
    next: 0,
    done: '.'.repeat(total),
    succeeded: 0,
    failed: 0,
    failures: [],
    live: [],
    waiting: [],
  };
}
