/**
 * Event streams over WebSockets. A browser keeps six connections to a host, for all its tabs together; a stream by fetch
 * holds one of them, so that the seventh page would wait for ever. WebSockets are not among the six.
 *
 *   1. It is a fetch like any other to whoever asks: an answer with a body of server-sent events, which the signal ends.
 *   2. What the server says over the WebSocket is passed on as it is; that it was closed ends the body.
 *   3. Where none can be opened the platform's own fetch asks, and tells why: a proxy may let none through, a token may be
 *      wrong, the gateway may be away.
 */
import type { FloeClientOptions } from '@floe/client';

type Fetch = NonNullable<FloeClientOptions['fetch']>;

const EVENTS = 'text/event-stream';
// The gateway takes it as the name of what is spoken here.
const PROTOCOL = 'floe.events';
const BEARER = 'Bearer ';
// What ends a WebSocket whose reader has left (RFC 6455, section 7.4.1).
const NORMAL = 1000;
// A proxy may swallow the question; the gateway answers within milliseconds.
const OPEN_MS = 5_000;

export function createSocketFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const headers = new Headers(init.headers);
    if (headers.get('accept') !== EVENTS) return fetch(url, init);
    const socket = new WebSocket(socketAddress(url, headers), protocolsOf(headers));
    const body = bodyOf(socket, init.signal ?? undefined);
    if (await hasOpened(socket)) return new Response(body);
    return fetch(url, init);
  };
}

function hasOpened(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.close(), OPEN_MS);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    socket.addEventListener('open', () => settle(true));
    socket.addEventListener('close', () => settle(false));
  });
}

/** A WebSocket has no headers of its own: where to go on from stands in the address. */
export function socketAddress(url: string, headers: Headers): string {
  const address = new URL(url);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const after = headers.get('last-event-id') ?? '0';
  if (after !== '0') address.searchParams.set('after_sequence', after);
  return address.href;
}

/** The token is one of the protocols; the server chooses the other. */
export function protocolsOf(headers: Headers): string[] {
  const authorization = headers.get('authorization') ?? '';
  return authorization.startsWith(BEARER)
    ? [PROTOCOL, authorization.slice(BEARER.length)]
    : [PROTOCOL];
}

function bodyOf(socket: WebSocket, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      const over = new AbortController();
      const end = (say: () => void) => {
        if (over.signal.aborted) return;
        over.abort();
        closeSocket(socket);
        say();
      };
      const listen = { signal: over.signal };
      const write = ({ data }: MessageEvent) => controller.enqueue(encoder.encode(String(data)));
      socket.addEventListener('message', write, listen);
      socket.addEventListener('close', () => end(() => controller.close()), listen);
      const abort = () => end(() => controller.error(signal?.reason));
      signal?.addEventListener('abort', abort, listen);
      if (signal?.aborted === true) abort();
    },
    cancel: () => closeSocket(socket),
  });
}

/** One that is closed before it is open makes browsers complain of a failure. */
function closeSocket(socket: WebSocket): void {
  if (socket.readyState === WebSocket.CONNECTING) {
    socket.addEventListener('open', () => socket.close(NORMAL), { once: true });
  } else {
    socket.close(NORMAL);
  }
}
