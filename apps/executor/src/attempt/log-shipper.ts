/**
 * Takes the log lines of all attempts to NATS.
 *
 * Owns: a queue of lines in memory.
 *
 *   S1. Writing never waits and never fails: a bus that is away costs lines, not attempts.
 *   S2. The queue is bounded. When it is full the newest lines are left out, and the next line that fits says how many.
 *   S3. Lines are published in the order of writing.
 */
import type { Bus, LogLine } from '@floe/bus';
import { startDuty } from '@floe/service';
import type { Duty } from '@floe/service';
import type { Log } from '@floe/telemetry';

// Some 10 s of what a few chatty attempts may write; above it the memory is worth more than the lines.
const QUEUE_CHARACTERS_MAX = 16 * 1024 * 1024;
// Long enough that a burst travels together, short enough to look live.
const SHIP_INTERVAL_MS = 50;
// Lines that go to the bus in one call: few enough that one that fails does not cost many.
const BATCH_LINES_MAX = 512;
// At the end what is queued gets this long, so that a bus that is away does not hold up a stop.
const STOP_WITHIN_MS = 2_000;

export class LogShipper {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #duty: Duty;
  readonly #queue: LogLine[] = [];
  #queuedCharacters = 0;
  #leftOut = 0;

  constructor(bus: Bus, log: Log) {
    this.#bus = bus;
    this.#log = log;
    this.#duty = startDuty({
      name: 'ship logs',
      everyMs: SHIP_INTERVAL_MS,
      run: () => this.#ship(),
      onError: (error) =>
        this.#log.warn({ err: error }, 'log lines were lost: NATS did not take them'),
    });
  }

  write(line: LogLine): void {
    if (this.#queuedCharacters + line.message.length > QUEUE_CHARACTERS_MAX) {
      this.#leftOut += 1;
      return;
    }
    if (this.#leftOut > 0) this.#push(markerLine(line, this.#leftOut));
    this.#leftOut = 0;
    this.#push(line);
  }

  /** Ships what is queued now. */
  flush(): void {
    this.#duty.wake();
  }

  async stop(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, STOP_WITHIN_MS);
    await Promise.race([this.#drain(), late.promise]);
    clearTimeout(timer);
  }

  async #drain(): Promise<void> {
    await this.#duty.stop();
    await this.#ship().catch((error: unknown) => {
      this.#log.warn({ err: error }, 'the last log lines were lost: NATS did not take them');
    });
  }

  #push(line: LogLine): void {
    this.#queue.push(line);
    this.#queuedCharacters += line.message.length;
  }

  /** What fails to be published is lost: trying again would hold up the lines behind it. */
  async #ship(): Promise<void> {
    while (this.#queue.length > 0) {
      const lines = this.#queue.splice(0, BATCH_LINES_MAX);
      for (const line of lines) this.#queuedCharacters -= line.message.length;
      await this.#bus.publishLogs(lines);
    }
  }
}

function markerLine(next: LogLine, leftOut: number): LogLine {
  const message = `${leftOut} log lines of this executor were left out: NATS takes them too slowly`;
  return { ...next, level: 'warn', message };
}
