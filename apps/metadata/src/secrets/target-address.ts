import type { TargetAddress } from '@floe/database';
import type { ConnectionRow } from '../store/connections.ts';
import { readSecrets } from './http-endpoint.ts';

/** The address of a connection with its password, for use now: not to be kept or logged. */
export async function targetAddress(row: ConnectionRow): Promise<TargetAddress> {
  const { password, ca, clientCertificate: certificate, clientKey: key } = await readSecrets(row);
  return {
    host: row.host,
    port: row.port,
    database: row.database,
    user: row.username,
    password,
    tls: { ca, certificate, key },
    sslMode:
      row.ssl_mode === 'verify_full'
        ? 'verify-full'
        : row.ssl_mode === 'require'
          ? 'require'
          : 'disable',
  };
}
