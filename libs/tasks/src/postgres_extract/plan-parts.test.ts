import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutForConnections, pageRanges } from './plan-parts.ts';

const PAGE_BYTES = 8_192;
const MIB = 1024 * 1024;

const tableOf = (bytes: number) => ({ bytes, pages: Math.floor(bytes / PAGE_BYTES) });

/** Pages of each range. */
function sizesOf(bytes: number, connections: number): number[] {
  const table = tableOf(bytes);
  const bounds = [0, ...cutForConnections(table, connections), table.pages];
  return bounds.slice(1).map((end, index) => end - bounds[index]!);
}

test('ranges become smaller: each connection begins with half of its share', () => {
  expect(sizesOf(256 * MIB, 2).map((pages) => (pages * PAGE_BYTES) / MIB)).toEqual([
    64, 64, 32, 32, 16, 16, 16, 16,
  ]);
});

test('a table of which parts would be small has a range for each connection', () => {
  expect(sizesOf(100 * MIB, 2)).toHaveLength(2);
  expect(sizesOf(100 * MIB, 8)).toHaveLength(8);
});

test('whatever the table, the ranges are all of it once, and none is empty', () => {
  const mebibytes = fc.integer({ min: 1, max: 1_000_000 });
  const connections = fc.integer({ min: 2, max: 64 });
  fc.assert(
    fc.property(mebibytes, connections, (size, count) => {
      const sizes = sizesOf(size * MIB, count);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      expect(sizes.length % count).toBe(0);
      expect(pageRanges(cutForConnections(tableOf(size * MIB), count))).toHaveLength(sizes.length);
    }),
  );
});
