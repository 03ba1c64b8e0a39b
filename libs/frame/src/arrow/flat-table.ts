import { type ByteBuffer, Encoding } from 'flatbuffers';

/** Reads one table of a flatbuffer by slot, without generated code. Absent members give the default. */
export class FlatTable {
  readonly #bytes: ByteBuffer;
  readonly #at: number;

  constructor(bytes: ByteBuffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  static root(bytes: ByteBuffer): FlatTable {
    return new FlatTable(bytes, bytes.readInt32(bytes.position()) + bytes.position());
  }

  uint8(slot: number, absent: number): number {
    const at = this.#member(slot);
    return at === 0 ? absent : this.#bytes.readUint8(at);
  }

  int16(slot: number, absent: number): number {
    const at = this.#member(slot);
    return at === 0 ? absent : this.#bytes.readInt16(at);
  }

  int32(slot: number, absent: number): number {
    const at = this.#member(slot);
    return at === 0 ? absent : this.#bytes.readInt32(at);
  }

  /** Sizes, counts and ids of a file stay far below 2^53. */
  int64(slot: number): number {
    const at = this.#member(slot);
    return at === 0 ? 0 : this.int64At(at);
  }

  int32At(at: number): number {
    return this.#bytes.readInt32(at);
  }

  int64At(at: number): number {
    return Number(this.#bytes.readInt64(at));
  }

  string(slot: number): string | undefined {
    const at = this.#member(slot);
    if (at === 0) return undefined;
    const text = this.#bytes.__string(at, Encoding.UTF16_STRING);
    return typeof text === 'string' ? text : undefined;
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#member(slot);
    return at === 0 ? undefined : new FlatTable(this.#bytes, this.#bytes.__indirect(at));
  }

  tables(slot: number): FlatTable[] {
    return this.structs(slot, 4).map(
      (at) => new FlatTable(this.#bytes, this.#bytes.__indirect(at)),
    );
  }

  /** The places of the members of a vector whose members take `size` bytes each. */
  structs(slot: number, size: number): number[] {
    const at = this.#member(slot);
    if (at === 0) return [];
    const start = this.#bytes.__vector(at);
    return Array.from({ length: this.#bytes.__vector_len(at) }, (_, index) => start + index * size);
  }

  #member(slot: number): number {
    const offset = this.#bytes.__offset(this.#at, 4 + slot * 2);
    return offset === 0 ? 0 : this.#at + offset;
  }
}
