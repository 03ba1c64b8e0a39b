import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { LINE_BYTES_MAX, readLines } from './read-lines.ts';

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks);
  readLines(stream, (line) => lines.push(line));
  await finished(stream);
  return lines;
}

test('puts lines together that arrive in pieces, also within a character', async () => {
  const bytes = Buffer.from('blå\nbær\r\n\nslutt');
  const pieces = [...bytes].map((byte) => Buffer.from([byte]));
  expect(await linesOf(pieces)).toEqual(['blå', 'bær', '', 'slutt']);
});

test('cuts a line that never ends and goes on with the next', async () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const [long = '', next] = await linesOf([piece, piece, Buffer.from('\nnext\n')]);
  expect(long.startsWith('x'.repeat(LINE_BYTES_MAX))).toBe(true);
  expect(long.length).toBeLessThan(LINE_BYTES_MAX + 100);
  expect(long).toContain('16 KiB');
  expect(next).toBe('next');
});

test('keeps bytes that are no UTF-8 from breaking the line', async () => {
  expect(await linesOf([Buffer.from([0x61, 0xff, 0x62, 0x0a])])).toEqual(['a\uFFFDb']);
});
