/** How an HTTP API is reached, and who asks it: the proxy, the authority and the certificate of a connection. */
import type { Violation } from '@floe/errors';
import type { Connection } from '@floe/rpc/contracts';
import { FIELD_LENGTH_MAX } from '../limits.ts';
import { isSecretReference } from '../secrets/read-secret.ts';

export const NO_WAY = {
  proxy: '',
  proxy_secret_reference: '',
  ca_reference: '',
  client_certificate_reference: '',
  client_key_reference: '',
} as const;

export function wayOf(connection: Connection) {
  const { proxy } = connection;
  return {
    proxy: proxy === '' ? '' : new URL(proxy).origin,
    proxy_secret_reference: connection.proxySecretReference,
    ca_reference: connection.caReference,
    client_certificate_reference: connection.clientCertificateReference,
    client_key_reference: connection.clientKeyReference,
  };
}

export function* problemsOfReference(field: string, reference: string): Generator<Violation> {
  if (reference === '' || isSecretReference(reference)) return;
  yield {
    field: `connection.${field}`,
    // The text may be a password; it is not repeated.
    message: 'is no reference to a secret',
    hint: 'Floe stores no passwords: write env:NAME or file:/absolute/path.',
  };
}

export function* problemsOfWay(connection: Connection, isHttps: boolean): Generator<Violation> {
  const { proxy, proxySecretReference, caReference } = connection;
  const { clientCertificateReference: certificate, clientKeyReference: key } = connection;
  const references = {
    proxy_secret_reference: proxySecretReference,
    ca_reference: caReference,
    client_certificate_reference: certificate,
    client_key_reference: key,
  };
  for (const [field, reference] of Object.entries(references))
    yield* problemsOfReference(field, reference);
  const problem = problemOfProxy(proxy);
  if (problem !== undefined) {
    const hint = 'Write it like http://proxy.example.com:3128.';
    // It may hold a password; it is not repeated.
    yield { field: 'connection.proxy', message: problem, hint };
  }
  if (proxySecretReference !== '' && proxy === '')
    yield {
      field: 'connection.proxy_secret_reference',
      message: 'is for a proxy, and there is none',
    };
  if ((certificate === '') !== (key === '')) {
    const field = certificate === '' ? 'client_certificate_reference' : 'client_key_reference';
    yield { field: `connection.${field}`, message: 'is empty: a certificate goes with its key' };
  }
  if (isHttps) return;
  for (const [field, value] of Object.entries({
    ca_reference: caReference,
    client_certificate_reference: certificate,
  }))
    if (value !== '') yield { field: `connection.${field}`, message: 'is for addresses of https' };
}

function problemOfProxy(proxy: string): string | undefined {
  if (proxy === '') return undefined;
  if (proxy.length > FIELD_LENGTH_MAX) return `has more than ${FIELD_LENGTH_MAX} characters`;
  const url = URL.parse(proxy);
  if (url === null) return 'is no URL';
  if (url.protocol !== 'http:') return 'is no address of http, as which proxies are asked';
  if (url.username !== '' || url.password !== '')
    return 'holds a user or a password, which would be stored in the clear';
  return url.pathname === '/' && url.search === '' && url.hash === '' ? undefined : 'has a path';
}
