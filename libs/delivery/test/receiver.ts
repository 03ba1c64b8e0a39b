import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedRequest = {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type Receiver = AsyncDisposable & {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** How many connections there were, with or without a request. */
  readonly connectionCount: () => number;
};

/** A real HTTP server on loopback that answers as it is told. */
export async function startReceiver(
  answer: (response: ServerResponse, request: ReceivedRequest) => void,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const received = { headers: request.headers, body };
      requests.push(received);
      answer(response, received);
    });
  };
  const server = createServer(listener);
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=s3cret`,
    requests,
    connectionCount: () => connections,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
