import { Client, type Connection } from 'pg';
import { CopySocket } from './copy-socket.ts';
import { type TargetAddress, tlsOf } from './target-address.ts';
import { toTargetError } from './target-error.ts';

/** Longer than a slow handshake through a tunnel, shorter than anybody waits before looking elsewhere. */
const CONNECT_TIMEOUT_MS = 10_000;
/** PostgreSQL keeps so much of it, in ASCII. */
export const APPLICATION_NAME_LENGTH = 63;
/** Saying goodbye takes one round trip; a connection that broke in silence never answers. */
const CLOSE_MS = 5_000;
/** Finds out within minutes that the other side is gone without a word. */
const KEEP_ALIVE_DELAY_MS = 10_000;

export async function connectClient(
  address: TargetAddress,
  applicationName: string,
  timeoutMs = CONNECT_TIMEOUT_MS,
): Promise<Client> {
  const { host, port, database, user, password } = address;
  const isPlain = tlsOf(address) === false;
  const client = new Client({
    host,
    port,
    database,
    user,
    password,
    ssl: tlsOf(address),
    // Where the server can, a login holds for this TLS session only: nobody in between can pass it on.
    enableChannelBinding: !isPlain,
    // TLS wraps a socket of its own.
    ...(isPlain && { stream: () => new CopySocket() }),
    application_name: applicationName.slice(0, APPLICATION_NAME_LENGTH),
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  });
  // A connection that dies between statements makes the next statement fail, which is where it is reported.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (thrown) {
    await closeClient(client);
    throw toTargetError(thrown, address);
  }
}

/** Ends a connection, whether or not the other side still answers. */
export async function closeClient(client: Client): Promise<void> {
  const { stream } = connectionOf(client);
  const timer = setTimeout(() => stream.destroy(), CLOSE_MS);
  try {
    await client.end();
  } catch {
    // The server closes what is left of a connection that cannot say goodbye.
  } finally {
    clearTimeout(timer);
  }
}

/** The types of pg leave it out. */
export function connectionOf(client: Client): Connection {
  return (client as Client & { readonly connection: Connection }).connection;
}
