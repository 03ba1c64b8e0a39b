import type { TargetAddress } from '@floe/database';
import type { ConnectionRow } from '../store/connections.ts';
import { readSecret } from './read-secret.ts';

/** The address of a connection with its password, for use now: not to be kept or logged. */
export async function targetAddress(row: ConnectionRow): Promise<TargetAddress> {
  return {
    host: row.host,
    port: row.port,
    database: row.database,
    user: row.username,
    password: await readSecret(row.secret_reference),
    sslMode:
      row.ssl_mode === 'verify_full'
        ? 'verify-full'
        : row.ssl_mode === 'require'
          ? 'require'
          : 'disable',
  };
}
