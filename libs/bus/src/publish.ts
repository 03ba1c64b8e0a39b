import { headers } from '@nats-io/nats-core';
import type { MsgHdrs } from '@nats-io/nats-core';
import type { FloeError } from '@floe/errors';
import { ATTRIBUTE, openSpan } from '@floe/telemetry';
import type { OpenSpan } from '@floe/telemetry';
import type { Connection } from './connection.ts';
import { eventHeaders } from './event.ts';
import type { FloeEvent } from './event.ts';
import { encodeHint } from './hint.ts';
import type { DispatchHint } from './hint.ts';
import { encodeLines, groupLines } from './log-batch.ts';
import type { LogLine } from './log-batch.ts';
import { busUnavailable } from './nats-errors.ts';
import { DISPATCH_STREAM } from './streams.ts';
import { dispatchSubject, eventSubject, logSubject } from './subjects.ts';

/** A message of the outbox. */
export type BusMessage =
  | { readonly kind: 'hint'; readonly hint: DispatchHint }
  | { readonly kind: 'event'; readonly event: FloeEvent };

/** What became of a message: stored, or why not. */
export type PublishOutcome = { readonly error?: FloeError };

// Acknowledgements that are awaited at a time. JetStream's own publishers use hundreds; memory stays below 1 MiB.
const IN_FLIGHT_MAX = 512;

/**
 * Publishes many messages, the acknowledgement of each awaited. The outcomes are in the order of the messages; it does
 * not throw. What failed may have been stored all the same and is safe to publish again with its id.
 */
export async function publishBatch(
  connection: Connection,
  messages: readonly BusMessage[],
): Promise<PublishOutcome[]> {
  const outcomes: PublishOutcome[] = [];
  for (let start = 0; start < messages.length; start += IN_FLIGHT_MAX) {
    const window = messages.slice(start, start + IN_FLIGHT_MAX);
    outcomes.push(...(await Promise.all(window.map((message) => attempt(connection, message)))));
  }
  return outcomes;
}

async function attempt(connection: Connection, message: BusMessage): Promise<PublishOutcome> {
  try {
    if (message.kind === 'hint') await publishHint(connection, message.hint);
    else await publishEvent(connection, message.event);
    return {};
  } catch (thrown) {
    return { error: thrown as FloeError };
  }
}

/** Publishes a hint inside a PRODUCER span, which the executor that takes it links to. Throws BUS_UNAVAILABLE. */
export async function publishHint(connection: Connection, hint: DispatchHint): Promise<void> {
  const open = openPublishSpan(hint);
  try {
    const traced = headers();
    traced.set('traceparent', open.traceparent);
    await publish(connection, {
      subject: dispatchSubject(hint.pool, hint.priority),
      id: hint.messageId,
      headers: traced,
      body: encodeHint(hint),
    });
  } catch (thrown) {
    open.fail(thrown);
    throw thrown;
  } finally {
    open.end();
  }
}

function openPublishSpan(hint: DispatchHint): OpenSpan {
  const template = 'floe.internal.dispatch.{pool}.{priority}';
  return openSpan(`send ${template}`, {
    kind: 'producer',
    ...(hint.traceparent === undefined ? {} : { parent: hint.traceparent }),
    attributes: {
      [ATTRIBUTE.messagingSystem]: 'nats',
      [ATTRIBUTE.messagingOperation]: 'send',
      [ATTRIBUTE.messagingOperationType]: 'send',
      [ATTRIBUTE.messagingDestination]: dispatchSubject(hint.pool, hint.priority),
      [ATTRIBUTE.messagingDestinationTemplate]: template,
      [ATTRIBUTE.messagingMessageId]: hint.messageId,
      [ATTRIBUTE.natsStream]: DISPATCH_STREAM,
      [ATTRIBUTE.runId]: hint.runId,
      [ATTRIBUTE.taskId]: hint.taskId,
      [ATTRIBUTE.epoch]: hint.epoch,
    },
  });
}

/** Publishes an event. Throws BUS_UNAVAILABLE. */
export async function publishEvent(connection: Connection, event: FloeEvent): Promise<void> {
  await publish(connection, {
    subject: eventSubject(event),
    id: event.id,
    headers: eventHeaders(event),
    body: JSON.stringify(event.data),
  });
}

/**
 * Publishes log lines, in order, those of a task together. Throws BUS_UNAVAILABLE; lines before the failure are stored.
 */
export async function publishLogs(
  connection: Connection,
  lines: readonly LogLine[],
): Promise<void> {
  for (const group of groupLines(lines)) {
    const [first] = group;
    if (first === undefined) continue;
    const subject = logSubject(first.runId, first.taskId);
    await publish(connection, { subject, body: encodeLines(group) });
  }
}

type Outgoing = {
  readonly subject: string;
  readonly body: string;
  readonly id?: string;
  readonly headers?: MsgHdrs;
};

/** Stores one message. When that fails the streams are made again if they are missing, and it is tried once more. */
async function publish(connection: Connection, outgoing: Outgoing): Promise<void> {
  try {
    await publishOnce(connection, outgoing);
  } catch {
    // Whatever the reason was: if it persists, one of the next two lines meets it again and reports it.
    await connection.ensure();
    await publishOnce(connection, outgoing).catch((thrown: unknown) => {
      throw busUnavailable(`cannot publish to ${outgoing.subject}`, thrown);
    });
  }
}

async function publishOnce(connection: Connection, outgoing: Outgoing): Promise<void> {
  const options = {
    ...(outgoing.id === undefined ? {} : { msgID: outgoing.id }),
    ...(outgoing.headers === undefined ? {} : { headers: outgoing.headers }),
  };
  const { subject, body } = outgoing;
  await connection.request(() => connection.jetstream.publish(subject, body, options));
}
