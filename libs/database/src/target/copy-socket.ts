import { Socket } from 'node:net';

/** What a socket reads at most at once outside of a COPY. */
const USUAL_BYTES = 64 * 1024;
/** In a COPY, fewer and larger reads: the second-level cache still holds what was read. */
const COPY_BYTES = 512 * 1024;

/** Takes what has come. The bytes are good until it returns; false asks for a pause. */
export type ByteTaker = (bytes: Buffer) => boolean;

/**
 * A socket that reads into memory of its own, again and again, instead of new memory for each read.
 *
 * As long as nobody takes its bytes it behaves like any other socket and emits them as copies.
 */
export class CopySocket extends Socket {
  #taker: ByteTaker | undefined;
  #memory: Buffer;

  constructor() {
    // Both are called when the connection is there, long after this object is made.
    const buffer = (): Buffer => this.#memory;
    const callback = (count: number, memory: Uint8Array): boolean => this.#onBytes(count, memory);
    super({ onread: { buffer, callback } });
    this.#memory = Buffer.allocUnsafeSlow(USUAL_BYTES);
  }

  /** From now on all bytes go to the taker, until it is `undefined`. */
  takeBytes(taker: ByteTaker | undefined): void {
    this.#taker = taker;
    const bytes = taker === undefined ? USUAL_BYTES : COPY_BYTES;
    if (this.#memory.length !== bytes) this.#memory = Buffer.allocUnsafeSlow(bytes);
  }

  #onBytes(count: number, memory: Uint8Array): boolean {
    const bytes = Buffer.from(memory.buffer, memory.byteOffset, count);
    if (this.#taker !== undefined) return this.#taker(bytes);
    this.emit('data', Buffer.from(bytes));
    return true;
  }
}
