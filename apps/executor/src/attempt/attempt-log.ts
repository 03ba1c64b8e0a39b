/**
 * The log of one attempt: what its task, its worker and the executor say about it.
 *
 *   L1. Secrets are masked before a line leaves this file.
 *   L2. An attempt writes at most RATE_BYTES_MAX in a second and TOTAL_BYTES_MAX in all. What is left out leaves a
 *       marker with the number of lines; what the executor itself says is never left out.
 */
import type { LogLine, LogLineLevel } from '@floe/bus';
import { maskDeep } from './mask-deep.ts';

// More than a person reads, less than hurts the neighbours.
const RATE_BYTES_MAX = 1024 * 1024;
const RATE_WINDOW_MS = 1_000;
// The stream keeps some 80,000 lines of a task; more than this would only push out its own beginning.
const TOTAL_BYTES_MAX = 16 * 1024 * 1024;
// A line is charged for what surrounds its text as well.
const LINE_OVERHEAD_BYTES = 128;

export type AttemptLogOptions = {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly secrets: ReadonlySet<string>;
  readonly write: (line: LogLine) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

type Fields = Readonly<Record<string, unknown>>;

export class AttemptLog {
  readonly #options: AttemptLogOptions;
  #totalBytes = 0;
  #windowStartMs = 0;
  #windowBytes = 0;
  #leftOut = 0;

  constructor(options: AttemptLogOptions) {
    this.#options = options;
  }

  /** A line of the task or its worker; counts against the bounds (L2). */
  write(level: LogLineLevel, message: string, fields?: Fields): void {
    const size = Buffer.byteLength(message) + LINE_OVERHEAD_BYTES + sizeOf(fields);
    if (!this.#hasRoom(size)) {
      this.#leftOut += 1;
      return;
    }
    this.#reportLeftOut();
    this.#windowBytes += size;
    this.#totalBytes += size;
    this.#pass(level, message, fields);
  }

  /** A line of the executor. */
  announce(level: LogLineLevel, message: string, fields?: Fields): void {
    this.#reportLeftOut();
    this.#pass(level, message, fields);
  }

  #hasRoom(size: number): boolean {
    const nowMs = this.#options.now();
    if (nowMs - this.#windowStartMs >= RATE_WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#windowBytes = 0;
    }
    const fitsTotal = this.#totalBytes + size <= TOTAL_BYTES_MAX;
    return fitsTotal && this.#windowBytes + size <= RATE_BYTES_MAX;
  }

  #reportLeftOut(): void {
    if (this.#leftOut === 0) return;
    const count = this.#leftOut;
    this.#leftOut = 0;
    this.#pass('warn', `${count} log lines were left out: an attempt may write 1 MiB/s and 16 MiB`);
  }

  #pass(level: LogLineLevel, message: string, fields?: Fields): void {
    const { runId, taskId, attempt, secrets, write, now } = this.#options;
    const line = {
      runId,
      taskId,
      attempt,
      timeMs: now(),
      level,
      message,
      ...(fields && { fields }),
    };
    write(maskDeep(line, secrets));
  }
}

function sizeOf(fields: Fields | undefined): number {
  return fields === undefined ? 0 : JSON.stringify(fields).length;
}
