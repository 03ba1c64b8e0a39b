import type { TaskCounts } from '@floe/client';

/** How many tasks have ended, in whatever way. */
export function countDone(counts: TaskCounts): number {
  return counts.total - counts.pending - counts.ready - counts.running - counts.retrying;
}
