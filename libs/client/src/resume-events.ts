/**
 * A stream of numbered events that survives broken connections.
 *
 * 1. Each connection asks for what comes after the last number that the caller was given: no gap, nothing twice.
 * 2. It ends only by the server's `end`, by the caller's signal, or by an error that another try cannot mend.
 * 3. A connection that is silent for longer than the server's heartbeat is broken.
 * 4. Tries in a row without a single message are bounded.
 */
import { FloeError } from '@floe/errors';
import type { Reconnect, StreamOptions } from './client.ts';
import { toTransportError } from './http-transport.ts';
import type { QueryValue, Transport } from './http-transport.ts';
import { problemToError } from './problem.ts';
import { readChunks, readServerEvents } from './server-events.ts';
import type { ServerEvent } from './server-events.ts';

export type EventSource = {
  readonly transport: Transport;
  readonly baseUrl: URL;
  readonly path: string;
  readonly query: Readonly<Record<string, QueryValue>>;
};

// The server sends a heartbeat every 10 s: three in a row did not come.
const SILENCE_MS_MAX = 30_000;
// With the delays below, a gateway may be away for about half a minute, long enough for a restart.
const ATTEMPTS_MAX = 10;
const DELAY_MS_FIRST = 250;
const DELAY_MS_MAX = 5_000;

/** Every event of the source in order, heartbeats included. */
export async function* resumeEvents(
  source: EventSource,
  options: StreamOptions,
): AsyncGenerator<ServerEvent, void> {
  let afterSequence = options.afterSequence ?? '0';
  let attempt = 0;
  while (!isAborted(options)) {
    try {
      for await (const event of connect(source, afterSequence, options.signal)) {
        attempt = 0;
        if (event.type === 'end') return;
        afterSequence = event.id ?? afterSequence;
        yield event;
      }
      throw new FloeError('SERVICE_UNAVAILABLE', 'the stream broke off before its end');
    } catch (thrown) {
      if (isAborted(options)) return;
      attempt += 1;
      const reconnect = nextTry(toTransportError(thrown, source.baseUrl), attempt);
      options.onReconnect?.(reconnect);
      await pause(reconnect.delayMs, options.signal);
    }
  }
}

function isAborted(options: StreamOptions): boolean {
  return options.signal?.aborted ?? false;
}

/** Throws the error when it is final (2, 4). */
function nextTry(error: FloeError, attempt: number): Reconnect {
  if (!error.isRetryable || attempt > ATTEMPTS_MAX) throw error;
  const delayMs = Math.min(DELAY_MS_MAX, DELAY_MS_FIRST * 2 ** (attempt - 1));
  return { attempt, delayMs, error };
}

async function* connect(
  source: EventSource,
  afterSequence: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerEvent, void> {
  const silence = new SilenceTimer();
  try {
    const body = await source.transport.openEvents(source.path, {
      query: source.query,
      headers: { 'last-event-id': afterSequence },
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
    });
    for await (const event of readServerEvents(readChunks(body))) {
      silence.restart();
      if (event.type === 'problem') throw problemOf(event.data);
      yield event;
    }
  } finally {
    silence.stop();
  }
}

function problemOf(data: string): FloeError {
  const error = problemToError(JSON.parse(data) as unknown);
  return error ?? new FloeError('INTERNAL', `the stream ended with an unknown problem: ${data}`);
}

/** Aborts its signal when nothing restarts it for too long (3). */
class SilenceTimer {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    const error = new FloeError(
      'SERVICE_UNAVAILABLE',
      `the stream was silent for ${SILENCE_MS_MAX} ms`,
    );
    this.#timer = setTimeout(() => this.#controller.abort(error), SILENCE_MS_MAX);
  }

  /** Also closes the connection, where the caller left before its end. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#controller.abort(new FloeError('CANCELLED', 'the caller gave up'));
  }
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    signal?.addEventListener('abort', finish, { once: true });
    if (signal?.aborted === true) finish();
  });
}
