import type { TestFloe } from './test-floe.ts';

/** Names the demo's database `source` and `warehouse`, as the demo does. */
export async function prepareConnections({ client, endpoints }: TestFloe): Promise<void> {
  const { host, port, user, passwordFile, demoDatabase } = endpoints.postgres;
  for (const name of ['source', 'warehouse']) {
    await client.setConnection({
      name,
      host,
      port,
      database: demoDatabase,
      username: user,
      secretReference: `file:${passwordFile}`,
      sslMode: 'SSL_MODE_DISABLE',
    });
  }
}
