import { type Proxy, startProxy } from './proxy.ts';

const CANCEL_REQUEST = 80_877_102;
const CANCEL_LENGTH = 16;
/** BackendKeyData: its letter, its length, a process and a key. */
const KEY_DATA = Buffer.from([0x4b, 0, 0, 0, 12]);
const KEY_DATA_LENGTH = 13;
/** Numbers that no server process has. */
const FIRST_NUMBER = 1_500_000_000;

export type PoolerProxy = Proxy & {
  /** Cancels that were passed on. */
  readonly cancels: () => number;
  /** From now on sessions begin, and no connection is left for what they ask. */
  fill(): void;
};

type Keys = { readonly process: number; readonly key: number };

/**
 * Stands before a PostgreSQL server as poolers do: it tells clients numbers of its own for their sessions, and passes a
 * cancel on to the server process that works for the client.
 */
export async function startPoolerProxy(serverPort: number): Promise<PoolerProxy> {
  const known = new Map<number, Keys>();
  let cancels = 0;
  let isFull = false;
  const proxy = await startProxy(serverPort, (client, upstream) => {
    let isFirst = true;
    let hasKeys = false;
    client.on('data', (data: Buffer) => {
      const isCancel = isFirst && data.length === CANCEL_LENGTH;
      isFirst = false;
      if (isCancel && data.readInt32BE(4) === CANCEL_REQUEST) {
        const keys = known.get(data.readInt32BE(8))!;
        data.writeInt32BE(keys.process, 8);
        data.writeInt32BE(keys.key, 12);
        cancels += 1;
      }
      if (!isFull || !hasKeys) upstream.write(data);
    });
    upstream.on('data', (data: Buffer) => {
      const at = hasKeys ? -1 : data.indexOf(KEY_DATA);
      if (at >= 0 && at + KEY_DATA_LENGTH <= data.length) {
        hasKeys = true;
        const number = FIRST_NUMBER + known.size;
        known.set(number, { process: data.readInt32BE(at + 5), key: data.readInt32BE(at + 9) });
        data.writeInt32BE(number, at + 5);
      }
      client.write(data);
    });
  });
  return {
    ...proxy,
    cancels: () => cancels,
    fill: () => {
      isFull = true;
    },
  };
}
