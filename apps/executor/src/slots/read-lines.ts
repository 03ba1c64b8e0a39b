import type { Readable } from 'node:stream';

/** A longer line is cut: one that never ends must not fill the memory. */
export const LINE_BYTES_MAX = 16 * 1024;

// A supervisor has more to do than to read: above this, 20 MiB in a second, the writer waits.
const WINDOW_BYTES_MAX = 2 * 1024 * 1024;
const WINDOW_MS = 100;

const NEWLINE = 0x0a;
const CUT_MARK = '… (the line is longer than 16 KiB; the rest was left out)';

/**
 * Calls back for each line of a stream of UTF-8, without its end; bytes that are no UTF-8 become U+FFFD. A last line
 * without an end counts. A stream that floods is read slowly.
 */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer) => {
    const room = LINE_BYTES_MAX - bytes;
    if (room > 0) parts.push(part.subarray(0, room));
    bytes += part.length;
  };
  const finish = () => {
    const text = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    onLine(bytes > LINE_BYTES_MAX ? text + CUT_MARK : text);
    parts = [];
    bytes = 0;
  };
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      finish();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  });
  slowDown(stream);
  stream.on('end', () => {
    if (bytes > 0) finish();
  });
  // A pipe that breaks has nothing more to say; the end of its process is told elsewhere.
  stream.on('error', () => {});
}

function slowDown(stream: Readable): void {
  let windowStartMs = 0;
  let windowBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    const nowMs = performance.now();
    if (nowMs - windowStartMs >= WINDOW_MS) {
      windowStartMs = nowMs;
      windowBytes = 0;
    }
    windowBytes += chunk.length;
    if (windowBytes < WINDOW_BYTES_MAX) return;
    stream.pause();
    setTimeout(() => stream.resume(), windowStartMs + WINDOW_MS - nowMs);
  });
}
