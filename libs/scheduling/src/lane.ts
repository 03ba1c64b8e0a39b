import type { Lane } from '@floe/engine';

export const LANES: readonly Lane[] = ['slot', 'light'];

// One step of priority is worth this much waiting: high goes first, low still comes, because it ages.
const RANK_MS_PER_PRIORITY = 60_000;

/** The place in the queue of a pool: the smallest goes first. It never changes while the attempt waits. */
export function rankAt(readyAt: number, priority: number): number {
  return readyAt - priority * RANK_MS_PER_PRIORITY;
}
