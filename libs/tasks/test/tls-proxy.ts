import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { TLSSocket, connect as connectTls } from 'node:tls';

/** What a client of PostgreSQL asks for TLS with, and the letter that agrees. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const AGREED = 'S';

export type TlsProxy = { readonly port: number; stop(): void };

/** Stands between as somebody who reads along: TLS with a certificate of its own to clients, and TLS of its own to the server. */
export async function startTlsProxy(
  serverPort: number,
  identity: { readonly certificate: string; readonly key: string },
): Promise<TlsProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A broken connection ends its other side; which of the two broke does not matter.
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.once('data', () => {
      upstream.write(TLS_REQUEST);
      upstream.once('data', () => {
        const { certificate: cert, key } = identity;
        const secured = new TLSSocket(client, { isServer: true, cert, key });
        const onward = connectTls({ socket: upstream, rejectUnauthorized: false });
        for (const each of [secured, onward]) each.on('error', () => {});
        client.write(AGREED);
        secured.pipe(onward);
        onward.pipe(secured);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
