import { viewOf } from '../view-of.ts';

const INITIAL_BYTES = 64 * 1024;
/** Bytes that one huge value has blown up beyond this are let go at the next clear. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Up to about this size four bytes at a time are faster than a call into native code. */
const LOOP_BYTES = 256;
/** Copying in words may write so much more than was asked for. */
const SLACK_BYTES = 4;

/** Bytes one after the other, in memory that grows. */
export class GrowingBytes {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  view: DataView = new DataView(this.#bytes.buffer, 0, 0);

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#replace(Buffer.alloc(0));
  }

  filled(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Makes room and returns where it is. `view` may be another one afterwards. */
  claim(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length + SLACK_BYTES > this.#bytes.length) this.#grow(at);
    return at;
  }

  /** Returns where the copy lies. */
  append(source: Buffer, view: DataView, at: number, length: number): number {
    const to = this.claim(length);
    if (length > LOOP_BYTES || at + length + SLACK_BYTES > view.byteLength) {
      source.copy(this.#bytes, to, at, at + length);
      return to;
    }
    const target = this.view;
    for (let offset = 0; offset < length; offset += 4)
      target.setInt32(to + offset, view.getInt32(at + offset, true), true);
    return to;
  }

  #grow(kept: number): void {
    const needed = this.#length + SLACK_BYTES;
    const grown = Buffer.allocUnsafeSlow(
      Math.max(INITIAL_BYTES, needed, Math.min(this.#bytes.length * 2, needed + KEPT_BYTES)),
    );
    this.#bytes.copy(grown, 0, 0, kept);
    this.#replace(grown);
  }

  #replace(bytes: Buffer): void {
    this.#bytes = bytes;
    this.view = viewOf(bytes);
  }
}
