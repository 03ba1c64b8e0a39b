/** Hunts rows that are in no batch or in two, and batches that are more than was asked for. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RowBatch, rowBatches, type RowsToSend } from './row-batches.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-batches-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function batchesOf(rows: readonly object[], wanted: RowsToSend): Promise<RowBatch[]> {
  const path = join(folder, 'rows.ndjson');
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const batches: RowBatch[] = [];
  for await (const batch of rowBatches(path, wanted)) batches.push(batch);
  return batches;
}

function rowsIn({ text }: RowBatch, { send, within }: RowsToSend): unknown[] {
  if (send === 'row') return [JSON.parse(text)];
  if (send === 'ndjson')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const body: unknown = JSON.parse(text);
  return (within === undefined ? body : Object.values(body as object)[0]) as unknown[];
}

const row = fc.record({
  id: fc.integer(),
  // Also what some take for the end of a line, and more than a file is read by at once.
  text: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u2028', '\r\n', 'x'.repeat(70_000)),
  ),
});
const wanted = fc.record({
  send: fc.constantFrom('json' as const, 'ndjson' as const, 'row' as const),
  rowsMax: fc.integer({ min: 1, max: 5 }),
  within: fc.constantFrom(undefined, 'rows', '__proto__'),
});

test('every row is in one batch, in order, under a key that is its own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), wanted, async (rows, sending) => {
      const batches = await batchesOf(rows, sending);
      expect(batches.flatMap((batch) => rowsIn(batch, sending))).toEqual(
        JSON.parse(JSON.stringify(rows)),
      );
      for (const batch of batches) {
        expect(batch.rows).toBe(rowsIn(batch, sending).length);
        expect(batch.rows).toBeLessThanOrEqual(sending.send === 'row' ? 1 : sending.rowsMax);
      }
      expect(new Set(batches.map(({ key }) => key)).size).toBe(batches.length);
      expect(await batchesOf(rows, sending)).toEqual(batches);
    }),
    { numRuns: 100 },
  );
});
