import { EXCERPT_LENGTH_MAX, JSON_BYTES_MAX } from './limits.ts';

/** A stretch of a file that should be one JSON value. */
export type Piece =
  | { readonly kind: 'text'; readonly place: string; readonly text: string }
  | { readonly kind: 'too-long'; readonly place: string; readonly start: string };

const NEWLINE = 0x0a;

/** Lines that are not blank. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const piece = new Pieces();
  let line = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      piece.add(chunk.subarray(start, end));
      yield* piece.finish(`line ${line}`);
      start = end + 1;
      line += 1;
    }
    piece.add(chunk.subarray(start));
  }
  yield* piece.finish(`line ${line}`);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const LIST = 0x5b;
const LIST_END = 0x5d;
// Blanks, and the commas between the members of a list.
const BETWEEN = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c]);

/** Values one after the other, or the members of one list, however they are broken into lines. */
export async function* splitValues(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const piece = new Pieces();
  const state = {
    depth: 0,
    isText: false,
    isEscaped: false,
    isList: false,
    isFirst: true,
    number: 1,
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (state.isText) {
        if (state.isEscaped) state.isEscaped = false;
        else if (byte === BACKSLASH) state.isEscaped = true;
        else if (byte === QUOTE) state.isText = false;
        continue;
      }
      const isBetween = state.depth === 0 && piece.isEmpty && start === at;
      if (isBetween && BETWEEN.has(byte)) start = at + 1;
      else if (isBetween && state.isFirst && byte === LIST) {
        state.isList = true;
        state.isFirst = false;
        start = at + 1;
      } else if (isBetween && state.isList && byte === LIST_END) start = at + 1;
      else if (byte === QUOTE) state.isText = true;
      else if (OPENING.has(byte)) {
        state.depth += 1;
        state.isFirst = false;
      } else if (CLOSING.has(byte) && --state.depth <= 0) {
        state.depth = 0;
        piece.add(chunk.subarray(start, at + 1));
        yield* piece.finish(`document ${state.number}`);
        state.number += 1;
        start = at + 1;
      }
    }
    piece.add(chunk.subarray(start));
  }
  yield* piece.finish(`document ${state.number}`);
}

/** Gathers the parts of one piece, of a piece that is too long only the beginning. */
class Pieces {
  #parts: Buffer[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length <= JSON_BYTES_MAX) this.#parts.push(bytes);
    else this.#parts = this.#parts.slice(0, 1).map((part) => part.subarray(0, EXCERPT_LENGTH_MAX));
  }

  /** The piece, unless it is blank. */
  *finish(place: string): Generator<Piece> {
    const bytes =
      this.#parts.length === 1 ? (this.#parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#parts);
    const isTooLong = this.#length > JSON_BYTES_MAX;
    this.#parts = [];
    this.#length = 0;
    const text = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (isTooLong) yield { kind: 'too-long', place, start: text };
    else if (text !== '') yield { kind: 'text', place, text };
  }
}
