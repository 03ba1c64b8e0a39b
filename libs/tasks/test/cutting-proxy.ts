import { type Proxy, startProxy } from './proxy.ts';

export type CuttingProxy = Proxy & { readonly cuts: () => number };

/**
 * Stands before a PostgreSQL server. The first time that a `commit` follows a statement with the given text, the commit
 * reaches the server, and its answer is swallowed: both sides see the connection break. After that it only passes on.
 */
export async function startCuttingProxy(serverPort: number, text: string): Promise<CuttingProxy> {
  let cuts = 0;
  const proxy = await startProxy(serverPort, (client, upstream) => {
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
  });
  return { ...proxy, cuts: () => cuts };
}
