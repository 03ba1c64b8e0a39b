import { FloeError } from '@floe/errors';
import type { CallOptions } from '@floe/rpc';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACTOR_HEADER } from '../access/caller.ts';
import type { Caller } from '../access/caller.ts';
import type { WorkflowLimits } from '../access/workflow-limits.ts';
import type { Clients } from '../clients.ts';
import type { FieldValues, LocalName, Route, StreamEvent, StreamRoute } from '../routes/route.ts';
import { readRequest } from './read-request.ts';
import { sendAnswer } from './send-answer.ts';
import { sendEvents } from './send-events.ts';
import type { EventContext } from './send-events.ts';
import { sendSocketEvents } from './socket-events.ts';

/** What routes are answered with. */
export type AnswerContext = EventContext & {
  readonly clients: Clients;
  readonly local: LocalAnswers;
  readonly limits: WorkflowLimits;
};

/** What the gateway answers itself. */
export type LocalAnswers = Readonly<
  Record<LocalName, (values: FieldValues, caller: Caller) => Promise<object>>
>;

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

// One answer of log lines: at most a few megabytes. The caller asks again after the last one.
const LIST_MAX = 1_000;

export async function answerRoute(
  route: Route,
  context: AnswerContext,
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const values = readRequest(route, request);
  const options = callOptions(request.caller, reply);
  await context.limits.require(request.caller, route, values);
  if (route.kind === 'stream')
    return answerStream(route, context, { ...exchange, values, options });
  const answer =
    route.kind === 'local'
      ? await context.local[route.name](values, request.caller)
      : await route.invoke(context.clients, values, options);
  if (request.deed !== undefined) request.deed.answer = answer;
  return sendAnswer(answer, exchange);
}

/** The same stream for whoever has opened a WebSocket on the route. */
export function answerSocket(
  route: StreamRoute,
  context: AnswerContext,
  { request, socket }: { readonly request: FastifyRequest; readonly socket: WebSocket },
): Promise<void> {
  const open = async (signal: AbortSignal) => {
    const values = readRequest(route, request);
    await context.limits.require(request.caller, route, values);
    const headers = { [ACTOR_HEADER]: request.caller.actor };
    return route.open(context.clients, withoutFollow(route, values), { signal, headers });
  };
  return sendSocketEvents(open, context, { request, socket });
}

type StreamExchange = Exchange & { readonly values: FieldValues; readonly options: CallOptions };

async function answerStream(
  route: StreamRoute,
  context: AnswerContext,
  { values, options, ...exchange }: StreamExchange,
): Promise<FastifyReply> {
  const messages = route.open(context.clients, withoutFollow(route, values), options);
  const isList = route.list !== undefined && values['follow'] !== true;
  if (isList) return sendAnswer({ [route.list]: await collect(messages) }, exchange);
  return sendEvents(messages, context, exchange);
}

/** A list is what is there; a stream passes the wish on. */
function withoutFollow(route: StreamRoute, values: FieldValues): FieldValues {
  return route.list === undefined ? values : { ...values, follow: values['follow'] === true };
}

async function collect(messages: AsyncIterable<StreamEvent>): Promise<object[]> {
  const list: object[] = [];
  for await (const { data } of messages) {
    list.push(data);
    if (list.length === LIST_MAX) break;
  }
  return list;
}

/** The call ends when the caller goes away before the answer is complete. */
export function callOptions({ actor }: Caller, reply: FastifyReply): CallOptions {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort(new FloeError('CANCELLED', 'the caller gave up')));
  return { signal: controller.signal, headers: { [ACTOR_HEADER]: actor } };
}
