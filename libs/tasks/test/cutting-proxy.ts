import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export type CuttingProxy = { readonly port: number; readonly cuts: () => number; stop(): void };

/**
 * Stands before a PostgreSQL server. The first time that a `commit` follows a statement with the given text, the commit
 * reaches the server, and its answer is swallowed: both sides see the connection break. After that it only passes on.
 */
export async function startCuttingProxy(serverPort: number, text: string): Promise<CuttingProxy> {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    let hasSeenText = false;
    let isCommitting = false;
    client.on('data', (data) => {
      hasSeenText ||= data.includes(text);
      isCommitting ||= cuts === 0 && hasSeenText && data.includes('commit\0');
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (!isCommitting) return void client.write(data);
      cuts += 1;
      client.destroy();
      upstream.destroy();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A broken connection ends its other side; which of the two broke does not matter.
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
