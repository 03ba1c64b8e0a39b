/**
 * The rows of an input as bodies of requests.
 *
 *   W1. The same dataset and the same fields give the same batches with the same keys, in every attempt.
 *   W2. A key tells what is sent: where an input was made again and has come out otherwise, nothing that is new is taken
 *       for something old. A server that keeps keys would leave it out.
 *   W3. One batch is in memory at a time.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { SEND_FORMATS } from './methods-and-formats.ts';
import type { Batch } from './build-request.ts';

// Bodies beyond this are refused by many servers, and are kept in memory for as long as a request takes.
const BODY_BYTES_MAX = 8 * 1024 ** 2;

export type RowsToSend = {
  readonly send: (typeof SEND_FORMATS)[number];
  readonly rowsMax: number;
  readonly within: string | undefined;
};

export type RowBatch = Batch & { readonly rows: number; readonly firstRow: number };

/** Of a file of NDJSON, one row a line. */
export async function* rowBatches(
  path: string,
  { send, rowsMax, within }: RowsToSend,
): AsyncGenerator<RowBatch, void> {
  const most = send === 'row' ? 1 : rowsMax;
  let lines: string[] = [];
  let bytes = 0;
  let sent = 0;
  const take = (): RowBatch => {
    const text = bodyOf(lines, { send, within });
    const batch = { text, contentType: CONTENT_TYPES[send], rows: lines.length, firstRow: sent };
    sent += lines.length;
    [lines, bytes] = [[], 0];
    return { ...batch, key: keyOf(batch) };
  };
  for await (const line of linesOf(path)) {
    if (lines.length > 0 && bytes + line.length > BODY_BYTES_MAX) yield take();
    lines.push(line.toString('utf8'));
    bytes += line.length + 1;
    if (lines.length === most) yield take();
  }
  if (lines.length > 0) yield take();
}

const CONTENT_TYPES = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  row: 'application/json',
} as const;

function bodyOf(
  lines: readonly string[],
  { send, within }: Pick<RowsToSend, 'send' | 'within'>,
): string {
  if (send === 'row') return lines.join('');
  if (send === 'ndjson') return lines.map((line) => `${line}\n`).join('');
  const list = `[${lines.join(',')}]`;
  return within === undefined ? list : `{${JSON.stringify(within)}:${list}}`;
}

// Sixty-four bits: it only has to differ from what the same place of the same task would have held otherwise.
const HASH_DIGITS = 16;

/** W2 */
function keyOf({ text, firstRow }: { readonly text: string; readonly firstRow: number }): string {
  return `${firstRow}-${createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS)}`;
}

const LINE_FEED = 0x0a;

/** What stands between line feeds alone: other line breaks that Unicode knows are letters of a text of JSON. */
async function* linesOf(path: string): AsyncGenerator<Buffer, void> {
  let begun: Buffer[] = [];
  for await (const read of createReadStream(path)) {
    const chunk = read as Buffer;
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      const line = Buffer.concat([...begun, chunk.subarray(from, at)]);
      [begun, from] = [[], at + 1];
      if (line.length > 0) yield line;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
