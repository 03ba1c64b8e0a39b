/**
 * Event streams over a WebSocket, for pages: a browser keeps six connections to a host, and a stream over HTTP would hold one
 * of them for as long as its tab is open. WebSockets are not among the six.
 *
 *   1. Each message is one server-sent event, as it would come over HTTP; so is a refusal: an event `problem`.
 *   2. The next one is sent when the last has left this process. Who takes nothing is cut off, as over HTTP.
 *   3. It counts as an event stream of the gateway.
 */
import type { WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import { TOKEN_PREFIX } from '../access/token-text.ts';
import type { StreamEvent } from '../routes/route.ts';
import { openEventStream } from './event-stream.ts';
import { toProblem, toRefusal } from './problem.ts';
import { tooMany } from './send-events.ts';
import type { EventContext } from './send-events.ts';
import { holderOf } from './stream-holder.ts';
import { writeEvent } from './write-event.ts';

/** What a page offers as protocol, beside its token. */
export const EVENTS_PROTOCOL = 'floe.events';

// Close codes of RFC 6455, section 7.4.1.
const NORMAL = 1000;
const GOING_AWAY = 1001;

/** Of what a client offers: a token is never said again. */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  const [first = ''] = offered;
  if (offered.has(EVENTS_PROTOCOL)) return EVENTS_PROTOCOL;
  return first === '' || first.startsWith(TOKEN_PREFIX) ? false : first;
}

type SocketExchange = { readonly request: FastifyRequest; readonly socket: WebSocket };

/** Sends what `open` gives until its end, or until the socket is closed, which aborts the signal. */
export async function sendSocketEvents(
  open: (signal: AbortSignal) => Promise<AsyncIterable<StreamEvent>>,
  context: EventContext,
  { request, socket }: SocketExchange,
): Promise<void> {
  const gone = new AbortController();
  const slot = context.slots.tryTake(holderOf(request));
  socket.once('close', () => {
    gone.abort();
    slot?.release();
  });
  socket.on('error', () => gone.abort());
  const problemOf = (thrown: unknown) => {
    const { error, status } = toRefusal(thrown, context.log);
    return toProblem(error, request.url, status);
  };
  try {
    if (slot === undefined) throw tooMany();
    const events = await openEventStream(await open(gone.signal), {
      heartbeatMs: context.heartbeatMs,
      toProblem: problemOf,
      onStall: () => socket.terminate(),
    });
    slot.onClose = () => events.breakOff();
    for await (const text of events.text) await send(socket, text);
    socket.close(events.isBrokenOff() ? GOING_AWAY : NORMAL);
  } catch (thrown) {
    if (gone.signal.aborted) return;
    await send(socket, writeEvent({ type: 'problem', data: problemOf(thrown) }));
    socket.close(NORMAL);
  }
}

/** Resolves when the text has left this process; also when it cannot, for then the socket closes. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    socket.send(text, () => resolve());
  });
}
