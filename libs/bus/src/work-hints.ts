import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Connection } from './connection.ts';
import { countMalformed } from './refuse.ts';
import { HINTS_STREAM, ensureHintConsumer } from './streams.ts';
import { hintSubject, type HintPlace } from './subjects.ts';

/**
 * "Work is ready in this pool and lane": a wake-up that does not say which work. Exactly one of `ack` and `retryLater`
 * should follow within 10 s.
 */
export type WorkHint = {
  /** The work was looked for: the hint is done. */
  ack(): void;
  /** There was no room, or nobody to ask: deliver again after this time, here or elsewhere. */
  retryLater(delayMs: number): void;
};

export type NextHintOptions = {
  /** How long to wait for it, at least 1000. */
  readonly expiresMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
};

// The server ends a fetch itself; this is only for one that vanished in the middle.
const EXPIRY_GRACE_MS = 1_000;
// After a failure the caller comes back at once; this keeps it from spinning while NATS is away.
const FAILURE_PAUSE_MS = 250;

/** Says once for each count that work is ready. Confirms nothing: a hint may be lost, and is then said again. */
export function publishHints(
  connection: Connection,
  hints: readonly (HintPlace & { readonly count: number })[],
): void {
  if (connection.nats.isClosed()) return;
  for (const { count, ...place } of hints) {
    const subject = hintSubject(place);
    for (let sent = 0; sent < count; sent += 1) connection.nats.publish(subject);
  }
}

/**
 * The hints of pools and lanes, one at a time.
 *
 * 1. A message that is no hint is ended, counted and logged; the hints behind it come all the same.
 * 2. A missing stream or consumer is made again, and the wait that found out ends empty.
 */
export class HintReceiver {
  readonly #connection: Connection;
  readonly #consumers = new Map<string, Promise<Consumer>>();
  #malformed = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How many messages of the stream were no hints. */
  get malformedCount(): number {
    return this.#malformed;
  }

  /** Ends without one when none came, the signal was aborted, or NATS is away. Does not throw. */
  async next(place: HintPlace, options: NextHintOptions): Promise<WorkHint | undefined> {
    if (options.signal?.aborted === true) return undefined;
    const messages = await this.#open(place, options);
    if (messages === undefined) return undefined;
    const end = (): void => void messages.close();
    const timer = setTimeout(end, options.expiresMs + EXPIRY_GRACE_MS);
    options.signal?.addEventListener('abort', end, { once: true });
    try {
      for await (const message of messages) {
        if (isHint(message)) return toHint(message);
        this.#refuse(message);
      }
      return undefined;
    } catch (thrown) {
      return await this.#recover(place, thrown);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
      end();
    }
  }

  async #open(place: HintPlace, options: NextHintOptions): Promise<ConsumerMessages | undefined> {
    try {
      const consumer = await this.#consumer(place);
      return await consumer.fetch({ max_messages: 1, expires: options.expiresMs });
    } catch (thrown) {
      return this.#recover(place, thrown);
    }
  }

  #consumer(place: HintPlace): Promise<Consumer> {
    const key = hintSubject(place);
    const known = this.#consumers.get(key) ?? this.#makeConsumer(place);
    this.#consumers.set(key, known);
    return known;
  }

  async #makeConsumer(place: HintPlace): Promise<Consumer> {
    const { manager, jetstream } = this.#connection;
    const name = await ensureHintConsumer(manager, place);
    return jetstream.consumers.get(HINTS_STREAM, name);
  }

  #refuse(message: JsMsg): void {
    this.#malformed += 1;
    countMalformed('hints');
    this.#connection.log.error(
      { subject: message.subject, sequence: message.seq, bytes: message.data.length },
      'a message of the hint stream is no hint; it was dropped',
    );
    message.term('not a hint');
  }

  /** Invariant 2. Never throws: what is wrong persists and meets the next wait, or is mended. */
  async #recover(place: HintPlace, thrown: unknown): Promise<undefined> {
    this.#consumers.delete(hintSubject(place));
    if (this.#connection.nats.isClosed()) return;
    this.#connection.log.warn({ err: thrown, ...place }, 'no hints can be had; trying again');
    await this.#connection.ensure().catch(() => undefined);
    await delay(FAILURE_PAUSE_MS);
  }
}

/** All that a hint says is its subject, which the consumer has matched. */
function isHint(message: JsMsg): boolean {
  return message.data.length === 0;
}

function toHint(message: JsMsg): WorkHint {
  return { ack: () => message.ack(), retryLater: (delayMs) => message.nak(delayMs) };
}
