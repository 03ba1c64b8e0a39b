import type { HttpEndpoint } from '@floe/http';
import type { ConnectionRow } from '../store/connections.ts';
import { readSecret } from './read-secret.ts';

/** What is kept by reference, read now. Errors: SECRET_UNAVAILABLE. */
export async function readSecrets(row: ConnectionRow) {
  return {
    password: await readSecret(row.secret_reference),
    proxySecret: await readSecret(row.proxy_secret_reference),
    ca: await readSecret(row.ca_reference),
    clientCertificate: await readSecret(row.client_certificate_reference),
    clientKey: await readSecret(row.client_key_reference),
  };
}

/** The API of a connection with its secrets, for use now: not to be kept or logged. */
export async function httpEndpoint(row: ConnectionRow): Promise<HttpEndpoint> {
  const secrets = await readSecrets(row);
  const { base_url: baseUrl, username, secret_header: secretHeader, proxy } = row;
  const { password: secret, proxySecret, ca, clientCertificate, clientKey } = secrets;
  return {
    baseUrl,
    username,
    secret,
    secretHeader,
    ...(proxy !== '' && { proxy: { url: proxy, secret: proxySecret } }),
    tls: { ca, certificate: clientCertificate, key: clientKey },
  };
}
