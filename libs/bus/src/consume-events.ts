/**
 * Events for a duty that several processes share.
 *
 * 1. The server remembers by name what is done: it goes on after restarts, and each event is one process's at a time.
 * 2. An event that nobody is done with comes again, a bounded number of times: what is done must be safe to do twice.
 * 3. When the stream was lost, so was the memory: it goes on with what happens from then on.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { Connection } from './connection.ts';
import { decodeEvent } from './event.ts';
import type { FloeEvent } from './event.ts';
import { countMalformed } from './refuse.ts';
import { EVENTS_STREAM } from './streams.ts';
import { eventFilterSubject } from './subjects.ts';
import type { EventFilter } from './subjects.ts';

export type ConsumeOptions = {
  /** Letters, digits and dashes. */
  readonly name: string;
  readonly filter: EventFilter;
  readonly signal: AbortSignal;
};

export type HeldEvent = {
  readonly event: FloeEvent;
  done(): void;
  /** Gives it back, to come again after this time. */
  again(afterMs: number): void;
  /** Says that it is still being worked on. */
  hold(): void;
};

// Longer than one pause between signs of life of whoever works on an event.
const ACK_WAIT_MS = 60_000;
// With the pauses that callers ask for, the better part of an hour.
const DELIVERIES_MAX = 60;
// Enough to hide the way to the server.
const BUFFER_MESSAGES = 16;
// Whatever ended the reading, the server is not asked again at once.
const TRY_AGAIN_MS = 1_000;

/** Ends when the signal is aborted. Troubles with NATS are waited for: there is nobody to tell. */
export async function* consumeEvents(
  connection: Connection,
  options: ConsumeOptions,
): AsyncGenerator<HeldEvent> {
  while (!options.signal.aborted) {
    const messages = await open(connection, options).catch(() => undefined);
    if (messages !== undefined) yield* readAll(connection, messages, options.signal);
    await delay(TRY_AGAIN_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function* readAll(
  connection: Connection,
  messages: ConsumerMessages,
  signal: AbortSignal,
): AsyncGenerator<HeldEvent> {
  const close = () => void messages.close();
  const unsubscribe = connection.onStreamsReplaced(close);
  signal.addEventListener('abort', close, { once: true });
  try {
    if (signal.aborted) return;
    for await (const message of messages) {
      const held = toHeld(message);
      if (held !== undefined) yield held;
    }
  } catch (error) {
    connection.log.warn({ err: error }, 'reading events broke off; it begins again');
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', close);
    await messages.close();
  }
}

function toHeld(message: JsMsg): HeldEvent | undefined {
  const received = decodeEvent(message);
  if (received === undefined) {
    countMalformed('events');
    message.term();
    return undefined;
  }
  return {
    event: received.event,
    done: () => message.ack(),
    again: (afterMs) => message.nak(afterMs),
    hold: () => message.working(),
  };
}

async function open(
  connection: Connection,
  { name, filter }: ConsumeOptions,
): Promise<ConsumerMessages> {
  const consumer = await connection.request(async () => {
    await connection.manager.consumers.add(EVENTS_STREAM, {
      durable_name: name,
      filter_subject: eventFilterSubject(filter),
      deliver_policy: DeliverPolicy.New,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT_MS),
      max_deliver: DELIVERIES_MAX,
    });
    return connection.jetstream.consumers.get(EVENTS_STREAM, name);
  });
  return consumer.consume({ max_messages: BUFFER_MESSAGES });
}
