import type { TestConnectionRequest, TestConnectionResponse } from '@floe/rpc/contracts';
import { tryEndpoint } from '../checking/try-endpoint.ts';
import { TEST_CONNECTION_MS } from '../limits.ts';
import { httpEndpoint } from '../secrets/http-endpoint.ts';
import { openInTime } from '../secrets/open-in-time.ts';
import { targetAddress } from '../secrets/target-address.ts';
import { findConnection, type ConnectionRow } from '../store/connections.ts';
import { connectionNotFound } from './connection-message.ts';
import type { RpcContext } from './context.ts';

/** Logs in with the secret that the connection refers to, and asks the server what it is. */
export async function testConnection(
  context: RpcContext,
  request: TestConnectionRequest,
): Promise<TestConnectionResponse> {
  const row = await findConnection(context.db, request.name);
  if (row === undefined) throw await connectionNotFound(context, request.name);
  const startedAt = performance.now();
  const serverVersion = row.kind === 'http' ? await tryApi(context, row) : await askDatabase(row);
  return { serverVersion, latencyMs: performance.now() - startedAt };
}

async function tryApi({ httpHosts }: RpcContext, row: ConnectionRow): Promise<string> {
  const endpoint = await httpEndpoint(row);
  return tryEndpoint(endpoint, { allowedHosts: httpHosts, withinMs: TEST_CONNECTION_MS });
}

async function askDatabase(row: ConnectionRow): Promise<string> {
  const address = await targetAddress(row);
  await using session = await openInTime(address, {
    applicationName: 'floe:test-connection',
    withinMs: TEST_CONNECTION_MS,
    signal: AbortSignal.timeout(TEST_CONNECTION_MS),
  });
  const [server] = await session.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  return `PostgreSQL ${server?.version ?? ''}`;
}
