import { type Proxy, startProxy } from './proxy.ts';

/** What a connection meets once so many bytes have gone one way: its end, or a silence in which it stays open. */
export type Fault = {
  readonly kind: 'cut' | 'silence';
  readonly from: 'server' | 'client';
  readonly afterBytes: number;
};

export type FaultProxy = Proxy & {
  /** Connections that have met the fault. */
  readonly faults: () => number;
  /** Begins to count, where it was not to from the start. */
  arm(): void;
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
  const proxy = await startProxy(serverPort, (client, upstream) => {
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
  });
  return {
    ...proxy,
    faults: () => faults,
    arm: () => {
      isArmed = true;
    },
  };
}
