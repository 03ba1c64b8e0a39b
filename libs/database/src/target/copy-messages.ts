/** Letters of PostgreSQL's messages ("Message Formats" of the frontend/backend protocol). */
export const Message = {
  copyData: 0x64,
  copyDone: 0x63,
  copyOutResponse: 0x48,
  readyForQuery: 0x5a,
} as const;

/** A letter and a length that counts itself. */
const HEAD_BYTES = 5;
const INITIAL_BYTES = 64 * 1024;

export type MessageTaker = {
  /** Whole CopyData messages with their heads; the bytes are good until it returns. */
  onCopyData(messages: Buffer): void;
  /** Any other message, whole, with its head. */
  onOther(message: Buffer): void;
};

/**
 * Cuts what comes from a server into messages, wherever the pieces end. Messages of data are handed on as they lie in
 * a piece, many at once; only one that lies in two pieces is copied.
 *
 * It owns the bytes of at most one unfinished message.
 */
export class MessageSplitter {
  readonly #taker: MessageTaker;
  #unfinished = Buffer.alloc(0);
  #kept = 0;

  constructor(taker: MessageTaker) {
    this.#taker = taker;
  }

  push(piece: Buffer): void {
    const start = this.#kept === 0 ? 0 : this.#finish(piece);
    const end = this.#handOn(piece, start);
    if (end < piece.length) this.#keep(piece.subarray(end));
  }

  /** Fills up the unfinished message. Returns how much of the piece that took. */
  #finish(piece: Buffer): number {
    let taken = 0;
    if (this.#kept < HEAD_BYTES) {
      taken = Math.min(HEAD_BYTES - this.#kept, piece.length);
      this.#keep(piece.subarray(0, taken));
      if (this.#kept < HEAD_BYTES) return taken;
    }
    const length = 1 + this.#unfinished.readUInt32BE(1);
    const rest = Math.min(length - this.#kept, piece.length - taken);
    this.#keep(piece.subarray(taken, taken + rest), length);
    if (this.#kept === length) {
      this.#kept = 0;
      this.#handOn(this.#unfinished.subarray(0, length), 0);
    }
    return taken + rest;
  }

  /** Hands on all whole messages from `start` on. Returns where the unfinished one begins. */
  #handOn(piece: Buffer, start: number): number {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    const end = piece.length;
    let runStart = start;
    let at = start;
    while (at + HEAD_BYTES <= end) {
      const messageEnd = at + 1 + view.getUint32(at + 1);
      if (messageEnd > end) break;
      if (view.getUint8(at) !== Message.copyData) {
        if (runStart < at) this.#taker.onCopyData(piece.subarray(runStart, at));
        this.#taker.onOther(piece.subarray(at, messageEnd));
        runStart = messageEnd;
      }
      at = messageEnd;
    }
    if (runStart < at) this.#taker.onCopyData(piece.subarray(runStart, at));
    return at;
  }

  #keep(bytes: Buffer, capacity = 0): void {
    const needed = Math.max(this.#kept + bytes.length, capacity);
    if (needed > this.#unfinished.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(INITIAL_BYTES, needed));
      this.#unfinished.copy(grown, 0, 0, this.#kept);
      this.#unfinished = grown;
    }
    bytes.copy(this.#unfinished, this.#kept);
    this.#kept += bytes.length;
  }
}
