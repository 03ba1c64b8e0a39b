import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** What a connection meets once so many bytes have gone one way: its end, or a silence in which it stays open. */
export type Fault = {
  readonly kind: 'cut' | 'silence';
  readonly from: 'server' | 'client';
  readonly afterBytes: number;
};

export type FaultProxy = {
  readonly port: number;
  /** Connections that have met the fault. */
  readonly faults: () => number;
  /** Begins to count, where it was not to from the start. */
  arm(): void;
  stop(): void;
};

/**
 * Stands before a PostgreSQL server. The first connection that carries enough bytes meets the fault; a silence swallows
 * what either side then sends, and all that later connections send if `isTotal`.
 */
export async function startFaultProxy(
  serverPort: number,
  fault: Fault & { readonly isTotal?: boolean; readonly isArmed?: boolean },
): Promise<FaultProxy> {
  let faults = 0;
  let isArmed = fault.isArmed ?? true;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    const isDeaf = faults > 0 && fault.kind === 'silence' && fault.isTotal === true;
    let isBroken = isDeaf;
    let bytes = 0;
    const pass = (from: Fault['from'], data: Buffer) => {
      if (isArmed && from === fault.from) bytes += data.length;
      if (isArmed && !isBroken && faults === 0 && bytes > fault.afterBytes) {
        faults += 1;
        isBroken = true;
        if (fault.kind === 'cut') {
          client.resetAndDestroy();
          upstream.destroy();
        }
      }
      if (!isBroken) (from === 'server' ? client : upstream).write(data);
    };
    client.on('data', (data: Buffer) => pass('client', data));
    upstream.on('data', (data: Buffer) => pass('server', data));
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
    faults: () => faults,
    arm: () => {
      isArmed = true;
    },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
