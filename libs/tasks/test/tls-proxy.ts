import { TLSSocket, connect as connectTls } from 'node:tls';
import { type Proxy, startProxy } from './proxy.ts';

/** What a client of PostgreSQL asks for TLS with, and the letter that agrees. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const AGREED = 'S';

/** Stands between as somebody who reads along: TLS with a certificate of its own to clients, and TLS of its own to the server. */
export function startTlsProxy(
  serverPort: number,
  identity: { readonly certificate: string; readonly key: string },
): Promise<Proxy> {
  return startProxy(serverPort, (client, upstream) => {
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
  });
}
