/**
 * Text files in pieces of whole records: the lines of NDJSON, and of CSV what stands between line ends that are not
 * within quotes. As in Polars, quotes count where a field begins with one.
 */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { formatOfName } from './file-format.ts';

export type TextShape = {
  readonly format: 'csv' | 'ndjson';
  /** Of CSV: one byte. */
  readonly separator: number;
};

export type TextPiece = {
  readonly bytes: Buffer;
  /** Where each record ends, its line end included. */
  readonly ends: readonly number[];
  /** Fields of each record. */
  readonly fields: readonly number[];
  /** The line on which each begins, counted from 1. */
  readonly lines: readonly number[];
  /** There is one record, and no end of it: within quotes at the end of the file, or far longer than records are. */
  readonly isOpen: boolean;
};

const LINE_FEED = 10;
const RETURN = 13;
const QUOTE = 34;

// Enough that Polars works on each for milliseconds; a few of them are in memory at once.
const PIECE_BYTES = 4 << 20;
// Longer than any record that people make. What is longer is a quote that nobody closed.
const RECORD_BYTES_MAX = 16 << 20;

/** Errors: those of the file system, and of zlib where what is packed is damaged. */
export async function* readTextPieces(
  path: string,
  shape: TextShape,
  signal?: AbortSignal,
): AsyncGenerator<TextPiece, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of unpacked(path, signal)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const piece = cutRecords(bytes, shape, line);
    const end = piece.ends.at(-1) ?? 0;
    line += countLines(bytes.subarray(0, end));
    rest = bytes.subarray(end);
    if (end > 0) yield { ...piece, bytes: bytes.subarray(0, end), isOpen: false };
    if (rest.length > RECORD_BYTES_MAX) break;
  }
  if (rest.length > 0) yield lastRecord(rest, shape, line);
}

async function* unpacked(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES, ...(signal && { signal }) });
  const { compression } = formatOfName(path);
  if (compression === 'none') return yield* file as AsyncIterable<Buffer>;
  const options = { chunkSize: PIECE_BYTES };
  const plain: Readable = file.pipe(
    compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options),
  );
  file.once('error', (error) => plain.destroy(error));
  try {
    yield* plain as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
  }
}

/** A file need not end with a line end. */
function lastRecord(rest: Buffer, shape: TextShape, line: number): TextPiece {
  const closed = cutRecords(Buffer.concat([rest, Buffer.of(LINE_FEED)]), shape, line);
  if (closed.ends.length > 0) return { ...closed, bytes: rest, ends: [rest.length], isOpen: false };
  return { bytes: rest, ends: [rest.length], fields: [0], lines: [line], isOpen: true };
}

type Cut = Pick<TextPiece, 'ends' | 'fields' | 'lines'>;

function cutRecords(bytes: Buffer, { format, separator }: TextShape, firstLine: number): Cut {
  return format === 'csv' ? cutCsv(bytes, separator, firstLine) : cutLines(bytes, firstLine);
}

function cutLines(bytes: Buffer, firstLine: number): Cut {
  const ends: number[] = [];
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
    ends.push(at + 1);
  return { ends, fields: ends.map(() => 1), lines: ends.map((_, index) => firstLine + index) };
}

/** One loop over all bytes: files may be long. */
function cutCsv(bytes: Buffer, separator: number, firstLine: number): Cut {
  const ends: number[] = [];
  const fields: number[] = [];
  const lines: number[] = [];
  let line = firstLine;
  let recordLine = firstLine;
  let count = 1;
  let fieldStart = 0;
  let isQuoted = false;
  let isOpen = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      isQuoted ||= at === fieldStart;
      if (isQuoted) isOpen = !isOpen;
    } else if (byte === LINE_FEED) {
      line += 1;
      if (isOpen) continue;
      ends.push(at + 1);
      fields.push(count);
      lines.push(recordLine);
      recordLine = line;
      count = 1;
      fieldStart = at + 1;
      isQuoted = false;
    } else if (byte === separator && !isOpen) {
      count += 1;
      fieldStart = at + 1;
      isQuoted = false;
    }
  }
  return { ends, fields, lines };
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}

/** The bytes of a record without its line end. */
export function recordAt({ bytes, ends }: TextPiece, index: number): Buffer {
  const start = index === 0 ? 0 : ends[index - 1]!;
  let end = ends[index]!;
  if (end > start && bytes[end - 1] === LINE_FEED) end -= 1;
  if (end > start && bytes[end - 1] === RETURN) end -= 1;
  return bytes.subarray(start, end);
}

/** The texts of a CSV record, without quotes. */
export function fieldsOf(record: Buffer, separator: number): readonly Buffer[] {
  const fields: Buffer[] = [];
  let [start, isQuoted, isOpen] = [0, false, false];
  for (let at = 0; at <= record.length; at += 1) {
    const byte = record[at];
    if (byte === QUOTE) {
      isQuoted ||= at === start;
      if (isQuoted) isOpen = !isOpen;
    } else if (byte === undefined || (byte === separator && !isOpen)) {
      fields.push(isQuoted ? record.subarray(start + 1, at - 1) : record.subarray(start, at));
      [start, isQuoted, isOpen] = [at + 1, false, false];
    }
  }
  return fields;
}
