import { Readable } from 'node:stream';
import { FloeError } from '@floe/errors';
import type { Log } from '@floe/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StreamEvent } from '../routes/route.ts';
import { openEventStream } from './event-stream.ts';
import { toProblem, toRefusal } from './problem.ts';
import { sendError } from './send-problem.ts';
import { holderOf } from './stream-holder.ts';
import type { StreamSlots } from './stream-slots.ts';

export type EventContext = {
  readonly slots: StreamSlots;
  readonly log: Log;
  readonly heartbeatMs: number;
};

const UNAVAILABLE = 503;

/** Answers with the messages as server-sent events. */
export async function sendEvents(
  messages: AsyncIterable<StreamEvent>,
  context: EventContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const slot = context.slots.tryTake(holderOf(request));
  if (slot === undefined) return sendError(tooMany(), UNAVAILABLE, { request, reply });
  reply.raw.once('close', () => slot.release());
  const events = await openEventStream(messages, {
    heartbeatMs: context.heartbeatMs,
    toProblem: (thrown) => {
      const { error, status } = toRefusal(thrown, context.log);
      return toProblem(error, request.url, status);
    },
    onStall: () => reply.raw.destroy(),
  });
  slot.onClose = () => events.breakOff();
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(events.text));
}

export function tooMany(): FloeError {
  return new FloeError('LIMIT_EXCEEDED', 'too many event streams are open', {
    hint: 'Close some, for instance tabs of the console, and try again.',
  });
}
