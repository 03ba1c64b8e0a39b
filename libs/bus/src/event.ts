/**
 * Events as CloudEvents 1.0 in the binary mode of the NATS protocol binding
 * (https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/nats-protocol-binding.md): attributes as headers,
 * JSON as the body. `ce-sequence` counts the events of one run from 1, so that a subscriber sees a gap.
 */
import type { JsMsg } from '@nats-io/jetstream';
import { isRecord, parseRecord, textOf } from './json-record.ts';
import type { JsonRecord } from './json-record.ts';
import { parseEventSubject } from './subjects.ts';
import type { EventEntity } from './subjects.ts';

export type FloeEvent = {
  /** Unique; the same id is stored once within two minutes. */
  readonly id: string;
  readonly workflow: string;
  readonly runId: string;
  readonly entity: EventEntity;
  /** What happened, in the past tense: `succeeded`. */
  readonly event: string;
  /** Counts the events of the run from 1. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly data: JsonRecord;
  readonly traceparent?: string;
};

/** An event read from the stream. */
export type ReceivedEvent = {
  readonly event: FloeEvent;
  /** Place in the stream: read on from the next number. */
  readonly streamSequence: number;
};

/** Reads a message of the event stream; undefined when it is none of ours. */
export function decodeEvent(message: JsMsg): ReceivedEvent | undefined {
  const subject = parseEventSubject(message.subject);
  const id = header(message, 'ce-id');
  const sequence = Number(header(message, 'ce-sequence'));
  const timeMs = Date.parse(header(message, 'ce-time') ?? '');
  const data = parseRecord(message.string());
  if (subject === undefined || id === undefined || !isRecord(data)) return undefined;
  if (!Number.isSafeInteger(sequence) || Number.isNaN(timeMs)) return undefined;
  const traceparent = header(message, 'traceparent');
  const event = { ...subject, id, sequence, timeMs, data };
  return {
    event: traceparent === undefined ? event : { ...event, traceparent },
    streamSequence: message.seq,
  };
}

function header(message: JsMsg, name: string): string | undefined {
  const value = textOf(message.headers?.get(name));
  return value === undefined ? undefined : decodeHeader(value);
}

/** The binding wants everything but printable ASCII, and also space, `"` and `%`, percent-encoded. */
export function encodeHeader(value: string): string {
  return value.replaceAll(/[^\u0021\u0023\u0024\u0026-\u007e]/gu, encodeURIComponent);
}

function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A foreign publisher that does not encode: its text is taken as it is.
    return value;
  }
}
