import type { FloeClient } from '@floe/client';
import type { TargetAddress } from '@floe/database';

/** Names the demo's database for workflows, twice: as the source and as the warehouse. */
export async function connectDemo(
  client: FloeClient,
  database: TargetAddress,
  passwordFile: string,
): Promise<void> {
  for (const name of ['source', 'warehouse']) {
    await client.setConnection({
      name,
      host: database.host,
      port: database.port,
      database: database.database,
      username: database.user,
      secretReference: `file:${passwordFile}`,
      sslMode: 'SSL_MODE_DISABLE',
    });
  }
}
