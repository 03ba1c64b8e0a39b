import { once } from 'node:events';
import { createServer, request as passOn } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type TestProxy = AsyncDisposable & {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What it was asked for, like `CONNECT 127.0.0.1:443` and `GET http://...`, with what it was let in by. */
  readonly asked: { what: string; authorization: string | undefined }[];
  /** Resolves when a tunnel has been closed by whoever asked for it. */
  readonly tunnelClosed: Promise<void>;
  /** Tunnels and requests get this answer instead. */
  refuseWith(status: number): void;
};

/** A real proxy on loopback, which passes requests on and makes tunnels. */
export async function startTestProxy(): Promise<TestProxy> {
  const asked: TestProxy['asked'] = [];
  const sockets = new Set<Socket>();
  const closed = Promise.withResolvers<void>();
  let refusal: number | undefined;
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ what: `${method} ${url}`, authorization: headers['proxy-authorization'] });
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    const { 'proxy-authorization': _, ...others } = headers;
    const onward = passOn(url, { method, headers: others }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push({ what: `CONNECT ${url}`, authorization: headers['proxy-authorization'] });
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
    const [host = '', port] = url.split(':');
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    sockets.add(onward).add(client);
    client.on('close', () => {
      closed.resolve();
      onward.destroy();
    });
    for (const socket of [client, onward]) socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tunnelClosed: closed.promise,
    refuseWith: (status) => void (refusal = status),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
