/**
 * Where a text file is wrong. Polars says what it met and neither line nor, for NDJSON, column. Once it has failed, the
 * file is read again in pieces, and Polars judges each as it judged the whole: first pieces, then half pieces, down to
 * one record.
 *
 *   F1. Memory holds one piece, and time ends: no place is better than a task that looks for it forever.
 *   F2. Values of masked columns are in no word of it, nor those of a record whose columns cannot be told apart.
 */
import { rm, writeFile } from 'node:fs/promises';
import type { Schema } from '@floe/expression';
import type { LazyDataFrame } from 'nodejs-polars';
import { explainRecord, type Fault } from './explain-record.ts';
import { scanCsv, scanNdjson } from './scan-text.ts';
import { type TextFile, textShape } from './text-file.ts';
import { readTextPieces, recordAt, type TextPiece } from './text-records.ts';

// Reads some 10 GB. An error without a line is better than one that comes much later.
const LOOK_MS_MAX = 60_000;

/** Undefined where nothing is found, or not in time. */
export async function findFault(file: TextFile): Promise<Fault | undefined> {
  const signal = AbortSignal.timeout(LOOK_MS_MAX);
  let lastLine = 0;
  let header: Buffer | undefined;
  try {
    for await (const piece of readTextPieces(file.path, textShape(file), signal)) {
      header ??= hasHeader(file) ? recordAt(piece, 0) : Buffer.alloc(0);
      const fault = await faultOfPiece(file, piece, header);
      if (fault !== undefined) return fault;
      lastLine = piece.lines.at(-1)!;
    }
  } catch (thrown) {
    if (lastLine === 0 || !isUnpackingError(thrown)) return undefined;
    const reason = 'is the last that can be unpacked: what follows is damaged or missing';
    return { line: lastLine, reason, hint: 'Fetch the file again: its end did not arrive whole.' };
  } finally {
    await rm(file.scratch, { force: true });
  }
  return undefined;
}

function isUnpackingError(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code = '' } = thrown as NodeJS.ErrnoException;
  return code.startsWith('Z_') || code.startsWith('ZSTD_');
}

function hasHeader({ format, csv }: TextFile): boolean {
  return format === 'csv' && csv.hasHeader !== false;
}

async function faultOfPiece(
  file: TextFile,
  piece: TextPiece,
  header: Buffer,
): Promise<Fault | undefined> {
  const accepts = (bytes: Buffer, schema = file.schema) => accept(file, [header, bytes], schema);
  const isFirst = piece.lines[0] === 1 && header.length > 0;
  const from = isFirst ? 1 : 0;
  const [first, last] = [from, piece.ends.length];
  if (first === last) return undefined;
  const bytesOf = (start: number, end: number) =>
    piece.bytes.subarray(start === 0 ? 0 : piece.ends[start - 1], piece.ends[end - 1]);
  if (!piece.isOpen && (await accepts(bytesOf(first, last)))) return undefined;
  const index = piece.isOpen
    ? first
    : await firstRefused(first, last, (a, b) => accepts(bytesOf(a, b)));
  const record = { bytes: recordAt(piece, index), line: piece.lines[index]!, isOpen: piece.isOpen };
  return explainRecord(record, { file, header, accepts });
}

/** Halves what is refused until it is one record. */
async function firstRefused(
  first: number,
  last: number,
  accepts: (from: number, to: number) => Promise<boolean>,
): Promise<number> {
  let [from, to] = [first, last];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (await accepts(from, middle)) from = middle;
    else to = middle;
  }
  return from;
}

async function accept(
  file: TextFile,
  parts: readonly [header: Buffer, records: Buffer],
  schema: Schema | undefined,
): Promise<boolean> {
  const [header, records] = parts;
  const lines = header.length === 0 ? [records] : [header, Buffer.from('\n'), records];
  await writeFile(file.scratch, Buffer.concat(lines));
  try {
    await scan(file, schema).collect();
    return true;
  } catch {
    return false; // What it says of a piece tells no more than what it said of the file.
  }
}

function scan({ format, csv, scratch }: TextFile, schema: Schema | undefined): LazyDataFrame {
  return format === 'csv' ? scanCsv(scratch, csv, schema) : scanNdjson(scratch, schema);
}
