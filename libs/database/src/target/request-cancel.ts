import { setTimeout as delay } from 'node:timers/promises';
import { type Client, Connection } from 'pg';
import { type TargetAddress, tlsOf } from './target-address.ts';

/** With what follows it a cancel stays below its 2 s. */
const CANCEL_WITHIN_MS = 1_000;

/** What pg's objects have and its types leave out. */
type CancelConnection = Connection & {
  connect(port: number, host: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
};
type SessionKeys = { readonly processID: number; readonly secretKey: number };

/**
 * Cancels what runs on a connection, by the protocol's own request: also behind a pooler, which knows the server process
 * that works for the connection now. Whether there was anything to cancel is not told. Resolves in time, and never throws.
 */
export async function requestCancel(client: Client, address: TargetAddress): Promise<void> {
  const { processID, secretKey } = client as Client & SessionKeys;
  const connection = new Connection({ ssl: tlsOf(address) }) as CancelConnection;
  const done = Promise.withResolvers<void>();
  const cancel = (): void => connection.cancel(processID, secretKey);
  connection.on('connect', () => (tlsOf(address) === false ? cancel() : connection.requestSsl()));
  connection.on('sslconnect', cancel);
  connection.on('error', () => done.resolve());
  connection.on('end', () => done.resolve());
  connection.connect(address.port, address.host);
  await Promise.race([done.promise, delay(CANCEL_WITHIN_MS, undefined, { ref: false })]);
  connection.stream.destroy();
}
