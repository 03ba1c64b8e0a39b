import { Socket } from 'node:net';

/** What a socket reads at most at once outside of a COPY. */
const USUAL_BYTES = 64 * 1024;
/** In a COPY, fewer and larger reads: the second-level cache still holds what was read. */
const COPY_BYTES = 512 * 1024;

/**
 * How long nothing is read in a COPY once all that had come is taken. The server writes 8 KiB at a time; a reader who sleeps
 * until the next has to be woken by it each time, and then reads and decodes only a few rows. Socket buffers hold far more.
 */
const REST_MS = 2;
/** Small answers come without a rest. */
const REST_AFTER_BYTES = 1024 * 1024;

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
  #brought = 0;

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
    this.#brought = 0;
    const bytes = taker === undefined ? USUAL_BYTES : COPY_BYTES;
    if (this.#memory.length !== bytes) this.#memory = Buffer.allocUnsafeSlow(bytes);
  }

  #onBytes(count: number, memory: Uint8Array): boolean {
    const bytes = Buffer.from(memory.buffer, memory.byteOffset, count);
    if (this.#taker !== undefined) return this.#bring(this.#taker, bytes);
    this.emit('data', Buffer.from(bytes));
    return true;
  }

  /** Returns whether to read on at once. */
  #bring(taker: ByteTaker, bytes: Buffer): boolean {
    this.#brought += bytes.length;
    if (!taker(bytes)) return false;
    const hasTakenAll = bytes.length < COPY_BYTES / 2;
    if (!hasTakenAll || this.#brought < REST_AFTER_BYTES || this.#taker !== taker) return true;
    setTimeout(() => this.resume(), REST_MS);
    return false;
  }
}
