/**
 * The messages of a WebSocket as they come. They wait here until they are asked for: a run has a few for each of its nodes,
 * so that what waits is bounded by the run.
 */
import { FloeError } from '@floe/errors';
import type { NodeStatusMessage, RunStatusMessage } from './workflow-run-types.ts';

type StatusMessage = NodeStatusMessage | RunStatusMessage;

export type StatusOptions = {
  readonly signal?: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
};

const NORMAL = 1000;

/** Ends with the run, or by the signal. Rejects with SERVICE_UNAVAILABLE when the connection breaks. */
export async function* followStatus(
  url: URL,
  { signal, headers }: StatusOptions,
): AsyncGenerator<StatusMessage, void> {
  const waiting: StatusMessage[] = [];
  let wake = () => {};
  let closed: { readonly code: number; readonly reason: string } | undefined;
  const socket = openSocket(url, headers);
  const stop = () => socket.close();
  socket.addEventListener('message', ({ data }) => {
    waiting.push(JSON.parse(String(data)) as StatusMessage);
    wake();
  });
  socket.addEventListener('close', ({ code, reason }) => {
    closed = { code, reason };
    wake();
  });
  // The close that follows tells what there is to tell.
  socket.addEventListener('error', () => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      if (closed !== undefined) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (signal?.aborted !== true) refuseBroken(url, closed);
  } finally {
    signal?.removeEventListener('abort', stop);
    socket.close();
  }
}

/** A browser takes no headers; a program may send a token. */
function openSocket(url: URL, headers: Readonly<Record<string, string>>): WebSocket {
  if (Object.keys(headers).length === 0) return new WebSocket(url);
  const options = { headers } as unknown as string[];
  return new WebSocket(url, options);
}

function refuseBroken(
  url: URL,
  { code, reason }: { readonly code: number; readonly reason: string },
): void {
  if (code === NORMAL) return;
  const why = reason === '' ? `the connection ended with ${code}` : reason;
  throw new FloeError('SERVICE_UNAVAILABLE', `the status at ${url.host} broke off: ${why}`, {
    details: { url: url.origin, close_code: String(code) },
  });
}
