import type { HttpEndpoint } from '@floe/http';
import type { ConnectionRow } from '../store/connections.ts';
import { readSecret } from './read-secret.ts';

/** The API of a connection with its secret, for use now: not to be kept or logged. */
export async function httpEndpoint(row: ConnectionRow): Promise<HttpEndpoint> {
  const secret = await readSecret(row.secret_reference);
  const { base_url: baseUrl, username, secret_header: secretHeader } = row;
  return { baseUrl, username, secret, secretHeader };
}
