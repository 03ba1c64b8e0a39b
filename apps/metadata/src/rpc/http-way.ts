/** How a connection is reached, and who asks: the proxy of an HTTP API, the authority and the certificate of any. */
import type { Violation } from '@floe/errors';
import { type Connection, SslMode } from '@floe/rpc/contracts';
import { FIELD_LENGTH_MAX } from '../limits.ts';
import { isSecretReference } from '../secrets/read-secret.ts';

export const NO_PROXY = { proxy: '', proxy_secret_reference: '' } as const;

export function wayOf(connection: Connection) {
  const { proxy } = connection;
  return {
    proxy: proxy === '' ? '' : new URL(proxy).origin,
    proxy_secret_reference: connection.proxySecretReference,
    ...certificatesOf(connection),
  };
}

export function certificatesOf(connection: Connection) {
  return {
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
  const { proxy, proxySecretReference } = connection;
  yield* problemsOfReference('proxy_secret_reference', proxySecretReference);
  yield* problemsOfCertificates(connection);
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
  if (!isHttps) yield* unwanted(connection, ['ca', 'certificate'], 'is for addresses of https');
}

/** Of a connection to a database. */
export function* problemsOfTls(connection: Connection): Generator<Violation> {
  yield* problemsOfCertificates(connection);
  const { sslMode } = connection;
  if (sslMode === SslMode.VERIFY_FULL) return;
  yield* unwanted(connection, ['ca'], 'is for the SSL mode that checks it: verify-full');
  if (sslMode !== SslMode.REQUIRE)
    yield* unwanted(connection, ['certificate'], 'is for the SSL modes verify-full and require');
}

function* problemsOfCertificates(connection: Connection): Generator<Violation> {
  const references = certificatesOf(connection);
  for (const [field, reference] of Object.entries(references))
    yield* problemsOfReference(field, reference);
  const { client_certificate_reference: certificate, client_key_reference: key } = references;
  if ((certificate === '') === (key === '')) return;
  const field = certificate === '' ? 'client_certificate_reference' : 'client_key_reference';
  yield { field: `connection.${field}`, message: 'is empty: a certificate goes with its key' };
}

function* unwanted(
  { caReference, clientCertificateReference }: Connection,
  which: readonly ('ca' | 'certificate')[],
  message: string,
): Generator<Violation> {
  if (which.includes('ca') && caReference !== '')
    yield { field: 'connection.ca_reference', message };
  if (which.includes('certificate') && clientCertificateReference !== '')
    yield { field: 'connection.client_certificate_reference', message };
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
