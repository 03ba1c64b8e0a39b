import type { Lane } from '@floe/engine';

export const LANES: readonly Lane[] = ['slot', 'light'];

// One step of priority is worth this much waiting: high goes first, low still comes, because it ages.
const RANK_MS_PER_PRIORITY = 60_000;

// A backfill goes behind everything that people and schedules wait for, until it has waited this many minutes longer.
const BACKFILL_BEHIND = 10;

/** What a task's priority counts in a run: the runs of backfills go behind all others. */
export function priorityWithin(run: { readonly trigger: string }, priority: number): number {
  return run.trigger === 'backfill' ? priority - BACKFILL_BEHIND : priority;
}

/** The place in the queue of a pool: the smallest goes first. It never changes while the attempt waits. */
export function rankAt(readyAt: number, priority: number): number {
  return readyAt - priority * RANK_MS_PER_PRIORITY;
}
