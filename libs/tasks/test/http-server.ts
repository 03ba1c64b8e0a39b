import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Answer = (response: ServerResponse, seen: Seen) => void;

export type HttpServer = AsyncDisposable & {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly seen: Seen[];
  /** Open connections. */
  readonly connections: () => Promise<number>;
  /** Resolves when a request has come. */
  readonly nextRequest: () => Promise<Seen>;
  /** Answers from now on; without it, 200 and nothing. */
  answerWith(answer: Answer): void;
};

/** A real server on loopback that keeps what it was asked, and answers as it is told. */
export async function startHttpServer(): Promise<HttpServer> {
  const seen: Seen[] = [];
  const waiting: ((request: Seen) => void)[] = [];
  let answer: Answer = (response) => void response.end();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const asked = { method, url, headers, body };
      seen.push(asked);
      for (const tell of waiting.splice(0)) tell(asked);
      answer(response, asked);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    answerWith: (next) => {
      answer = next;
      seen.length = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
