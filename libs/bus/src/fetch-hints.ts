import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerMessages } from '@nats-io/jetstream';
import type { Connection } from './connection.ts';
import { decodeHint } from './hint.ts';
import type { ReceivedHint } from './hint.ts';
import { DISPATCH_STREAM, ensurePoolConsumer } from './streams.ts';

export type FetchOptions = {
  /** At most this many hints; the number of free slots. */
  readonly max: number;
  /** How long to wait for them, at least 1000. */
  readonly expiresMs: number;
  /** Ends the fetch early. */
  readonly signal?: AbortSignal;
};

// The server ends a fetch itself; this is only for one that vanished in the middle.
const EXPIRY_GRACE_MS = 1_000;
// After a failure the caller comes back at once; this keeps it from spinning while NATS is away.
const FAILURE_PAUSE_MS = 250;

/**
 * The hints of pools, one fetch at a time for each caller.
 *
 * 1. A hint is handed out as soon as it arrives, not when the fetch is full.
 * 2. A malformed message is ended, counted and logged; the hints behind it come all the same.
 * 3. A missing stream or consumer is made again, and the fetch that found out ends empty.
 */
export class HintFetcher {
  readonly #connection: Connection;
  readonly #consumers = new Map<string, Promise<Consumer>>();
  #malformed = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How many messages of the dispatch stream were no hints. */
  get malformedCount(): number {
    return this.#malformed;
  }

  /**
   * Ends without an error when nothing came, the signal was aborted, or NATS is away: the caller loops. A caller that
   * leaves the loop early gets what it did not take again after 10 s.
   */
  async *fetch(pool: string, options: FetchOptions): AsyncGenerator<ReceivedHint> {
    if (options.signal?.aborted === true) return;
    const messages = await this.#open(pool, options);
    if (messages === undefined) return;
    const timer = setTimeout(() => stop(messages), options.expiresMs + EXPIRY_GRACE_MS);
    const onAbort = () => stop(messages);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      yield* this.#hints(messages, pool);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      stop(messages);
    }
  }

  async *#hints(messages: ConsumerMessages, pool: string): AsyncGenerator<ReceivedHint> {
    const iterator = messages[Symbol.asyncIterator]();
    for (;;) {
      const next = await iterator.next().catch((thrown: unknown) => this.#recover(pool, thrown));
      if (next === undefined || next.done === true) return;
      const message = next.value;
      const hint = decodeHint(message);
      if (hint === undefined) {
        this.#malformed += 1;
        this.#connection.log.error(
          { subject: message.subject, sequence: message.seq, bytes: message.data.length },
          'a message of the dispatch stream is no hint; it was dropped',
        );
        message.term('not a hint');
      } else {
        yield hint;
      }
    }
  }

  async #open(pool: string, options: FetchOptions): Promise<ConsumerMessages | undefined> {
    try {
      const consumer = await this.#consumer(pool);
      return await consumer.fetch({ max_messages: options.max, expires: options.expiresMs });
    } catch (thrown) {
      await this.#recover(pool, thrown);
      return undefined;
    }
  }

  #consumer(pool: string): Promise<Consumer> {
    const known = this.#consumers.get(pool) ?? this.#makeConsumer(pool);
    this.#consumers.set(pool, known);
    return known;
  }

  async #makeConsumer(pool: string): Promise<Consumer> {
    const { manager, jetstream } = this.#connection;
    const name = await ensurePoolConsumer(manager, pool);
    return jetstream.consumers.get(DISPATCH_STREAM, name);
  }

  /** Invariant 3. Never throws: what is wrong persists and meets the next fetch, or is mended. */
  async #recover(pool: string, thrown: unknown): Promise<undefined> {
    this.#consumers.delete(pool);
    if (this.#connection.nats.isClosed()) return;
    this.#connection.log.warn({ err: thrown, pool }, 'hints cannot be fetched; trying again');
    await this.#connection.ensure().catch(() => undefined);
    await delay(FAILURE_PAUSE_MS);
  }
}

function stop(messages: ConsumerMessages): void {
  void messages.close();
}
