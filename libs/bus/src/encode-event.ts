import { encodeHeader, type FloeEvent } from './event.ts';
import { eventSubject } from './subjects.ts';
import { encodeToken } from './token-encoding.ts';

// What the events of one run share is worked out once for as many as follow each other.
type Shared = {
  readonly workflow: string;
  readonly runId: string;
  readonly subject: string;
  readonly headers: string;
};

const ENCODER = new TextEncoder();

/** Subjects and headers of events, as bytes of the protocol. Headers are CloudEvents attributes, as `event.ts` says. */
export class EventEncoder {
  #shared: Shared | undefined;
  #timeMs = Number.NaN;
  #time = '';

  subjectOf(event: FloeEvent): string {
    const { subject } = this.#sharedOf(event);
    return `${subject}.${event.entity}.${encodeToken(event.event)}`;
  }

  /** NATS/1.0 headers; the id serves JetStream for dropping doubles. */
  headersOf(event: FloeEvent): Uint8Array {
    const { headers } = this.#sharedOf(event);
    const { id, entity, event: name, sequence, traceparent } = event;
    const own =
      `Nats-Msg-Id: ${id}\r\nce-id: ${encodeHeader(id)}\r\nce-type: ${encodeHeader(`io.floe.${entity}.${name}.v1`)}\r\n` +
      `ce-time: ${this.#timeOf(event.timeMs)}\r\nce-sequence: ${sequence}\r\n`;
    const trace =
      traceparent === undefined
        ? ''
        : `traceparent: ${traceparent}\r\nce-traceparent: ${traceparent}\r\n`;
    return ENCODER.encode(`NATS/1.0\r\n${headers}${own}${trace}\r\n`);
  }

  #sharedOf({ workflow, runId }: FloeEvent): Shared {
    const known = this.#shared;
    if (known?.runId === runId && known.workflow === workflow) return known;
    const whole = eventSubject({ workflow, runId, entity: 'run', event: 'x' });
    const source = encodeHeader(`/workflows/${workflow}`);
    const headers =
      `ce-specversion: 1.0\r\nce-source: ${source}\r\nce-subject: ${encodeHeader(runId)}\r\n` +
      `ce-datacontenttype: application/json\r\n`;
    this.#shared = { workflow, runId, subject: whole.slice(0, -'.run.x'.length), headers };
    return this.#shared;
  }

  /** The events of one commit happened at the same instant. */
  #timeOf(timeMs: number): string {
    if (timeMs !== this.#timeMs) {
      this.#timeMs = timeMs;
      this.#time = encodeHeader(new Date(timeMs).toISOString());
    }
    return this.#time;
  }
}
