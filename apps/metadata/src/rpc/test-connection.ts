import type { TestConnectionRequest, TestConnectionResponse } from '@floe/rpc/contracts';
import { TEST_CONNECTION_MS } from '../limits.ts';
import { openInTime } from '../secrets/open-in-time.ts';
import { targetAddress } from '../secrets/target-address.ts';
import { findConnection } from '../store/connections.ts';
import { connectionNotFound } from './connection-message.ts';
import type { RpcContext } from './context.ts';

/** Logs in with the secret that the connection refers to, and asks the server for its version. */
export async function testConnection(
  context: RpcContext,
  request: TestConnectionRequest,
): Promise<TestConnectionResponse> {
  const row = await findConnection(context.db, request.name);
  if (row === undefined) throw await connectionNotFound(context, request.name);
  const address = await targetAddress(row);
  const startedAt = performance.now();
  await using session = await openInTime(address, {
    applicationName: 'floe:test-connection',
    withinMs: TEST_CONNECTION_MS,
    signal: AbortSignal.timeout(TEST_CONNECTION_MS),
  });
  const [server] = await session.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  return {
    serverVersion: `PostgreSQL ${server?.version ?? ''}`,
    latencyMs: performance.now() - startedAt,
  };
}
