import { Readable } from 'node:stream';
import { FloeError } from '@floe/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clients } from '../clients.ts';
import type { LocalName } from '../routes/system-routes.ts';
import type { FieldValues, LocalRoute, Route, StreamEvent, StreamRoute } from '../routes/route.ts';
import { openEventStream } from './event-stream.ts';
import { toProblem, toRefusal } from './problem.ts';
import { readRequest } from './read-request.ts';
import type { Log } from '@floe/telemetry';
import type { StreamSlots } from './stream-slots.ts';
import { writeJson } from './write-json.ts';

/** What routes are answered with. */
export type AnswerContext = {
  readonly clients: Clients;
  readonly local: Readonly<Record<LocalName, () => Promise<object>>>;
  readonly slots: StreamSlots;
  readonly log: Log;
  readonly heartbeatMs: number;
};

const JSON_TYPE = 'application/json; charset=utf-8';
// One answer of log lines: at most a few megabytes. The caller asks again after the last one.
const LIST_MAX = 1_000;

export async function answerRoute(
  route: Route,
  context: AnswerContext,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const values = readRequest(route, request);
  const signal = signalOfClose(reply);
  if (route.kind === 'local') return sendJson(reply, await answerLocal(route, context));
  if (route.kind === 'unary') {
    return sendJson(reply, await route.invoke(context.clients, values, { signal }));
  }
  const messages = route.open(context.clients, withoutFollow(route, values), { signal });
  const isList = route.list !== undefined && values['follow'] !== true;
  if (isList) return sendJson(reply, { [route.list]: await collect(messages) });
  return sendEvents(messages, context, exchange);
}

function answerLocal(route: LocalRoute, context: AnswerContext): Promise<object> {
  return context.local[route.name as LocalName]();
}

/** A list is what is there; a stream passes the wish on. */
function withoutFollow(route: StreamRoute, values: FieldValues): FieldValues {
  return route.list === undefined ? values : { ...values, follow: values['follow'] === true };
}

function sendJson(reply: FastifyReply, answer: object): FastifyReply {
  return reply.type(JSON_TYPE).header('cache-control', 'no-store').send(writeJson(answer));
}

async function collect(messages: AsyncIterable<StreamEvent>): Promise<object[]> {
  const list: object[] = [];
  for await (const { data } of messages) {
    list.push(data);
    if (list.length === LIST_MAX) break;
  }
  return list;
}

async function sendEvents(
  messages: AsyncIterable<StreamEvent>,
  context: AnswerContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const slot = context.slots.tryTake();
  if (slot === undefined) return refuseStream(request, reply);
  reply.raw.once('close', () => slot.release());
  const events = await openEventStream(messages, {
    heartbeatMs: context.heartbeatMs,
    toProblem: (thrown) => {
      const { error, status } = toRefusal(thrown, context.log);
      return toProblem(error, request.url, status);
    },
  });
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(events));
}

const RETRY_AFTER_SECONDS = 5;

function refuseStream(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new FloeError('LIMIT_EXCEEDED', 'too many event streams are open', {
    hint: 'Close some, for instance tabs of the console, and try again.',
  });
  const problem = toProblem(error, request.url, 503);
  return reply
    .status(problem.status)
    .header('retry-after', RETRY_AFTER_SECONDS)
    .type('application/problem+json')
    .send(writeJson(problem));
}

/** Aborted when the caller goes away before the answer is complete. */
function signalOfClose(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort(new FloeError('CANCELLED', 'the caller gave up')));
  return controller.signal;
}
