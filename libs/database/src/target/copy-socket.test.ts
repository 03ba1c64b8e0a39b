import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CopySocket } from './copy-socket.ts';

const FIRST_BYTES = 2 * 1024 * 1024;
/** After reads of so much there is no rest. */
const LARGE_BYTES = 256 * 1024;
const PIECES = 400;
const PIECE_BYTES = 8 * 1024;

async function connectPair(): Promise<{ near: CopySocket; far: Socket; stop: () => void }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = new CopySocket();
  near.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  return {
    near,
    far,
    stop: () => {
      near.destroy();
      far.destroy();
      server.close();
    },
  };
}

test('in a COPY a socket that has taken all that had come rests, and loses nothing', async () => {
  const { near, far, stop } = await connectPair();
  const total = FIRST_BYTES + PIECES * PIECE_BYTES;
  let bytes = 0;
  let sum = 0;
  const readsAt: number[] = [];
  const { promise: hasAll, resolve } = Promise.withResolvers<void>();
  near.takeBytes((piece) => {
    if (bytes >= FIRST_BYTES) readsAt.push(performance.now());
    bytes += piece.length;
    for (let at = 0; at < piece.length; at += 1) sum += piece[at]!;
    if (bytes === total) resolve();
    return true;
  });
  far.write(Buffer.alloc(FIRST_BYTES, 1));
  for (let piece = 0; piece < PIECES; piece += 1) {
    await turn();
    far.write(Buffer.alloc(PIECE_BYTES, 2));
  }
  await hasAll;
  stop();
  expect(sum).toBe(FIRST_BYTES + 2 * PIECES * PIECE_BYTES);
  // However slow the machine: no more reads than there was time for with a rest of a millisecond at least after each, besides
  // those that were large.
  const passedMs = readsAt.at(-1)! - readsAt[0]!;
  expect(readsAt.length).toBeLessThanOrEqual(passedMs + total / LARGE_BYTES + 2);
});

test('a taker that asks for a pause is brought nothing until the socket resumes', async () => {
  const { near, far, stop } = await connectPair();
  let bytes = 0;
  let isPaused = false;
  const { promise: hasAll, resolve } = Promise.withResolvers<void>();
  near.takeBytes((piece) => {
    expect(isPaused).toBe(false);
    bytes += piece.length;
    if (bytes === FIRST_BYTES) resolve();
    isPaused = true;
    void turn().then(() => {
      isPaused = false;
      near.resume();
    });
    return false;
  });
  far.write(Buffer.alloc(FIRST_BYTES));
  await hasAll;
  stop();
});
