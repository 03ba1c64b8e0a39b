import { expect, test } from 'vitest';
import { createHeapBound, HEAP_BYTES_MAX } from './heap-bound.ts';

/** A heap in which `kept` bytes are needed and the rest is garbage. */
function startHeap(kept = 0) {
  const heap = { used: 0, kept, collections: 0 };
  const bound = createHeapBound({
    usedBytes: () => heap.used,
    collect: () => {
      heap.collections += 1;
      heap.used = heap.kept;
    },
  });
  const growTo = (bytes: number) => {
    heap.used = bytes;
    bound();
    return heap.collections;
  };
  return { heap, growTo };
}

test('the heap is cleared where it is over the bound, and only there (H1)', () => {
  const { heap, growTo } = startHeap();
  expect(growTo(HEAP_BYTES_MAX)).toBe(0);
  expect(growTo(HEAP_BYTES_MAX + 1)).toBe(1);
  expect(heap.used).toBe(0);
});

test('what is needed does not have it cleared over and over (H2)', () => {
  const { heap, growTo } = startHeap(2 * HEAP_BYTES_MAX);
  expect(growTo(2.5 * HEAP_BYTES_MAX)).toBe(1);
  expect(growTo(3 * HEAP_BYTES_MAX)).toBe(1);
  expect(growTo(3 * HEAP_BYTES_MAX + 1)).toBe(2);
  heap.kept = 0;
  expect(growTo(4 * HEAP_BYTES_MAX)).toBe(3);
  // Once it is no longer needed, the bound is the first one again.
  expect(growTo(HEAP_BYTES_MAX + 1)).toBe(4);
});

test('a process that may not ask for it goes on (H3)', () => {
  const bound = createHeapBound({ usedBytes: () => Number.MAX_VALUE, collect: undefined });
  expect(bound).not.toThrow();
});
