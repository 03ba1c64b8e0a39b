/** One bit per row; a row has a value unless it is cleared. */
export class Validity {
  #bits = Buffer.alloc(0);
  #nullCount = 0;

  reserve(rows: number): void {
    const bytes = (rows + 7) >> 3;
    if (bytes <= this.#bits.length) return;
    const grown = Buffer.alloc(Math.max(bytes, this.#bits.length * 2), 0xff);
    this.#bits.copy(grown);
    this.#bits = grown;
  }

  clear(row: number): void {
    this.#bits[row >> 3]! &= ~(1 << (row & 7));
    this.#nullCount += 1;
  }

  reset(): void {
    if (this.#nullCount > 0) this.#bits.fill(0xff);
    this.#nullCount = 0;
  }

  get nullCount(): number {
    return this.#nullCount;
  }

  /** Arrow allows a column without NULLs to have no bits. */
  buffer(rows: number): Buffer {
    return this.#bits.subarray(0, this.#nullCount === 0 ? 0 : (rows + 7) >> 3);
  }
}
