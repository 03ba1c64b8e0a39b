/**
 * Events on their way to JetStream, by the thousands a second.
 *
 *   V1. Every event is confirmed by JetStream one by one: `publish` returns only when each is stored, and throws when one
 *       may not be. What was stored all the same is dropped as a double when it is published again with its id.
 *   V2. At most a few hundred confirmations are awaited at a time, and other work of the process gets its turn between.
 *   V3. Every wait ends: with the connection, or when JetStream confirms nothing for long.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { FloeError } from '@floe/errors';
import { REQUEST_MS, type Connection } from './connection.ts';
import { EventEncoder } from './encode-event.ts';
import type { FloeEvent } from './event.ts';
import { Flight } from './flight.ts';
import { busUnavailable } from './nats-errors.ts';

// Confirmations that are awaited at a time: enough to hide the way there and back.
const IN_FLIGHT_MAX = 512;
// Events between two turns of other work: about a millisecond.
const EVENTS_PER_TURN = 64;

// The stream takes messages of 256 KiB; the rest is for the headers.
const EVENT_BYTES_MAX = 240 * 1024;

export class EventPublisher {
  readonly #connection: Connection;
  readonly #inbox: string;
  readonly #flights = new Map<string, Flight>();
  #isListening = false;
  #count = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#inbox = connection.newInbox();
  }

  /**
   * Stores events, in their order. When that fails the streams are made again if they are missing, and all are tried once
   * more. Throws BUS_UNAVAILABLE.
   */
  async publish(events: () => Iterable<FloeEvent>): Promise<void> {
    try {
      await this.#publishOnce(events());
    } catch {
      // Whatever the reason was: if it persists, one of the next two lines meets it again and reports it.
      await this.#connection.ensure();
      await this.#publishOnce(events()).catch((thrown: unknown) => {
        throw busUnavailable('events cannot be published', thrown);
      });
    }
  }

  #publishOnce(events: Iterable<FloeEvent>): Promise<void> {
    this.#listen();
    const flight = new Flight(REQUEST_MS);
    const key = String((this.#count += 1));
    this.#flights.set(key, flight);
    const done = this.#connection.request(() => this.#sendAll(events, flight, key));
    return done.finally(() => {
      this.#flights.delete(key);
      flight.stop();
    });
  }

  async #sendAll(events: Iterable<FloeEvent>, flight: Flight, key: string): Promise<void> {
    const encoder = new EventEncoder();
    const reply = `${this.#inbox}.${key}`;
    let sent = 0;
    for (const event of events) {
      flight.add();
      this.#send(encoder, event, reply);
      sent += 1;
      // Not after each: whatever was published between two waits leaves in one write.
      if (sent % EVENTS_PER_TURN !== 0) continue;
      await turn();
      await flight.atMost(IN_FLIGHT_MAX);
    }
    await flight.atMost(0);
  }

  #send(encoder: EventEncoder, event: FloeEvent, reply: string): void {
    const encoded = encoder.headersOf(event);
    // The client only ever asks headers for their bytes.
    const headers = { encode: () => encoded } as unknown as MsgHdrs;
    const body = bodyOf(event);
    this.#connection.nats.publish(encoder.subjectOf(event), body, { headers, reply });
  }

  /** One subscription hears all confirmations; it lasts across reconnects. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    const callback = (error: Error | null, message: Msg) => {
      const key = message.subject.slice(this.#inbox.length + 1);
      const refusal = error ?? refusalOf(message);
      if (refusal === undefined) this.#flights.get(key)?.confirm();
      else this.#flights.get(key)?.fail(refusal);
    };
    this.#connection.nats.subscribe(`${this.#inbox}.*`, { callback });
  }
}

/** What does not fit is said to be left out: one huge event must not hold up those behind it for ever. */
function bodyOf({ data }: FloeEvent): string {
  const body = JSON.stringify(data);
  const bytes = Buffer.byteLength(body);
  if (bytes <= EVENT_BYTES_MAX) return body;
  return JSON.stringify({ omitted: `${bytes} bytes, more than ${EVENT_BYTES_MAX}: read the run` });
}

/** JetStream answers with the place of the message, or with an error; the server itself with none when nobody listens. */
function refusalOf(message: Msg): Error | undefined {
  if (message.headers?.hasError === true) {
    return new FloeError('BUS_UNAVAILABLE', `NATS answers ${message.headers.description}`);
  }
  const text = message.string();
  return text.includes('"error"')
    ? new FloeError('BUS_UNAVAILABLE', `JetStream did not store an event: ${text}`)
    : undefined;
}
