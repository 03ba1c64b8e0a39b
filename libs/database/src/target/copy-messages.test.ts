import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageSplitter } from './copy-messages.ts';

type Sent = { readonly letter: string; readonly payload: Uint8Array };

const message = fc.record({
  letter: fc.constantFrom('d', 'd', 'd', 'N', 'H', 'C'),
  payload: fc.uint8Array({ maxLength: 40 }),
});

function toBytes({ letter, payload }: Sent): Buffer {
  const head = Buffer.from(`${letter}\0\0\0\0`);
  head.writeUInt32BE(payload.length + 4, 1);
  return Buffer.concat([head, payload]);
}

/** What a splitter makes of the pieces: the runs of data joined, every other message by itself. */
function split(pieces: readonly Buffer[]): Buffer[] {
  const taken: Buffer[] = [];
  let run: Buffer[] = [];
  const endRun = (): void => {
    if (run.length > 0) taken.push(Buffer.concat(run));
    run = [];
  };
  const splitter = new MessageSplitter({
    onCopyData: (messages) => run.push(Buffer.from(messages)),
    onOther: (other) => {
      endRun();
      taken.push(Buffer.from(other));
    },
  });
  // The memory of a piece is used again for the next one, as that of a socket is.
  const memory = Buffer.alloc(Math.max(0, ...pieces.map((piece) => piece.length)));
  for (const piece of pieces) {
    piece.copy(memory);
    splitter.push(memory.subarray(0, piece.length));
    memory.fill(0xff);
  }
  endRun();
  return taken;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

test('wherever the pieces end, the same messages come out in the same order', () => {
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.nat()), (messages, places) => {
      const bytes = Buffer.concat(messages.map(toBytes));
      expect(split(cut(bytes, places))).toEqual(split([bytes]));
      expect(Buffer.concat(split(cut(bytes, places)))).toEqual(bytes);
    }),
    { numRuns: 300 },
  );
});

test('a message that is larger than the memory at hand comes whole', () => {
  const bytes = toBytes({ letter: 'd', payload: Buffer.alloc(300_000, 7) });
  expect(split(cut(bytes, [3, 100, 90_000]))).toEqual([bytes]);
});
