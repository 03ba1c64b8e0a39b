/**
 * Memory of a process through which very many documents go. Each leaves a megabyte behind that nobody needs any more, and V8
 * lets hundreds of them lie while the machine has more. A machine that imports has other things to do as well.
 *
 *   H1. The heap is looked at between two parts of the work, and cleared where it is over the bound.
 *   H2. What is needed is no reason to clear it over and over: the bound is half as much again as what was left.
 *   H3. Without `--expose-gc` nothing is done, and V8 decides.
 */
import { getHeapStatistics } from 'node:v8';

export type Heap = {
  readonly usedBytes: () => number;
  /** Undefined where the process may not ask for it. */
  readonly collect: (() => void) | undefined;
};

// Twice of what metadata holds when it does nothing.
export const HEAP_BYTES_MAX = 96 * 1024 * 1024;
const ROOM = 1.5;

export function createHeapBound({ usedBytes, collect }: Heap): () => void {
  let bound = HEAP_BYTES_MAX;
  return () => {
    if (collect === undefined || usedBytes() <= bound) return;
    collect();
    bound = Math.max(HEAP_BYTES_MAX, usedBytes() * ROOM);
  };
}

export const boundHeap = createHeapBound({
  usedBytes: () => getHeapStatistics().used_heap_size,
  collect: globalThis.gc && (() => globalThis.gc?.()),
});
