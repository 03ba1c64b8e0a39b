import { viewOf } from '../view-of.ts';

/**
 * Collects the bytes of a binary COPY and hands them over in pieces.
 *
 * It owns two buffers, which take turns: a piece is good until the piece after the next is begun. New memory for each
 * would keep the collector busier than the encoding is.
 */
export class CopyOutput {
  /** Where the bytes go, seen in two ways; both may be others after a claim. */
  buffer: Buffer;
  view: DataView;
  #other: Buffer;
  #length = 0;

  constructor(capacityBytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(capacityBytes);
    this.view = viewOf(this.buffer);
    this.#other = Buffer.allocUnsafeSlow(capacityBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes room for so many bytes and returns where they go. */
  claim(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.buffer.length) this.#grow();
    return at;
  }

  /** Gives back bytes that were claimed and not used. */
  shrinkTo(length: number): void {
    this.#length = length;
  }

  /** The bytes so far. The output begins anew in the other buffer, because the socket still holds on to these. */
  take(): Buffer {
    const full = this.buffer;
    const piece = full.subarray(0, this.#length);
    this.#replace(this.#other);
    this.#other = full;
    this.#length = 0;
    return piece;
  }

  #grow(): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#length, this.buffer.length * 2));
    this.buffer.copy(grown);
    this.#replace(grown);
  }

  #replace(buffer: Buffer): void {
    this.buffer = buffer;
    this.view = viewOf(buffer);
  }
}
