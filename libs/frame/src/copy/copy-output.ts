/** Collects the bytes of a binary COPY and hands them over in pieces. */
export class CopyOutput {
  /** Where the bytes go, seen in two ways; both may be others after a claim. */
  buffer: Buffer;
  view: DataView;
  #length = 0;

  constructor(capacityBytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(capacityBytes);
    this.view = viewOf(this.buffer);
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

  /** The bytes so far. The output begins anew in other memory, because the socket still holds on to these. */
  take(capacityBytes: number): Buffer {
    const piece = this.buffer.subarray(0, this.#length);
    this.#replace(Buffer.allocUnsafeSlow(capacityBytes));
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

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
