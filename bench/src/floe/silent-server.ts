import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SilentServer = AsyncDisposable & {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
};

/** A server on loopback that takes requests and never answers. */
export async function startSilentServer(): Promise<SilentServer> {
  const server = createServer(() => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
