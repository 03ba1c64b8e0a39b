import { FloeError, nearestName, type Violation } from '@floe/errors';
import { isHeaderName } from '@floe/http';
import { type Connection, ConnectionKind, SslMode } from '@floe/rpc/contracts';
import { RESOURCE_NAME, RESOURCE_NAME_RULE } from '@floe/workflow';
import { FIELD_LENGTH_MAX, NAMES_MAX } from '../limits.ts';
import {
  listConnections,
  type ConnectionRow,
  type ConnectionValues,
} from '../store/connections.ts';
import type { RpcContext } from './context.ts';
import {
  certificatesOf,
  NO_PROXY,
  problemsOfReference,
  problemsOfTls,
  problemsOfWay,
  wayOf,
} from './http-way.ts';

const SSL_MODES = {
  disable: SslMode.DISABLE,
  require: SslMode.REQUIRE,
  verify_full: SslMode.VERIFY_FULL,
} as const;

type SslModeText = keyof typeof SSL_MODES;

const KINDS = { postgres: ConnectionKind.POSTGRES, http: ConnectionKind.HTTP } as const;

const HTTP_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

export function toMessage(row: ConnectionRow): Connection {
  return {
    name: row.name,
    host: row.host,
    port: row.port,
    database: row.database,
    username: row.username,
    secretReference: row.secret_reference,
    sslMode: SSL_MODES[row.ssl_mode as SslModeText],
    createTime: new Date(row.created_at),
    updateTime: new Date(row.updated_at),
    kind: KINDS[row.kind as keyof typeof KINDS],
    baseUrl: row.base_url,
    secretHeader: row.secret_header,
    proxy: row.proxy,
    proxySecretReference: row.proxy_secret_reference,
    caReference: row.ca_reference,
    clientCertificateReference: row.client_certificate_reference,
    clientKeyReference: row.client_key_reference,
  };
}

/** Checks a connection that is to be stored. Throws ARGUMENT_INVALID with every violation. */
export function toValues(connection: Connection | undefined): ConnectionValues {
  if (connection === undefined) throw new FloeError('ARGUMENT_INVALID', 'connection is missing');
  const isHttp = connection.kind === ConnectionKind.HTTP;
  const ofKind = isHttp ? httpFields(connection) : databaseFields(connection);
  const violations = [...nameAndSecret(connection), ...ofKind];
  if (violations.length > 0) {
    const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new FloeError('ARGUMENT_INVALID', `the connection is wrong: ${listed}`, { violations });
  }
  const { name, username, secretReference: secret_reference } = connection;
  const place = isHttp ? httpPlace(connection) : databasePlace(connection);
  return { name, username, secret_reference, ...place };
}

function databasePlace(connection: Connection) {
  const { host, port, database, sslMode } = connection;
  const mode = Object.entries(SSL_MODES).find(([, value]) => value === sslMode)?.[0];
  const ssl_mode = mode ?? 'disable';
  const ofApi = { base_url: '', secret_header: '', ...NO_PROXY };
  const certificates = certificatesOf(connection);
  return { kind: 'postgres', host, port, database, ssl_mode, ...ofApi, ...certificates };
}

/** Host and port follow from the address, so that lists show where it leads. */
function httpPlace(connection: Connection) {
  const { baseUrl, secretHeader } = connection;
  const url = new URL(baseUrl);
  const port = url.port === '' ? HTTP_PORTS[url.protocol]! : Number(url.port);
  const isSecure = url.protocol === 'https:';
  return {
    kind: 'http',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    database: '',
    ssl_mode: isSecure ? 'verify_full' : 'disable',
    base_url: url.href,
    secret_header: secretHeader,
    ...wayOf(connection),
  };
}

function* nameAndSecret(connection: Connection): Generator<Violation> {
  if (!RESOURCE_NAME.test(connection.name)) {
    yield {
      field: 'connection.name',
      message: `is ${JSON.stringify(connection.name)}`,
      hint: RESOURCE_NAME_RULE,
    };
  }
  yield* lengths(connection, ['username']);
  yield* problemsOfReference('secret_reference', connection.secretReference);
}

function* databaseFields(connection: Connection): Generator<Violation> {
  for (const field of ['host', 'database', 'username'] as const) {
    if (connection[field] === '') yield { field: `connection.${field}`, message: 'is empty' };
  }
  yield* lengths(connection, ['host', 'database']);
  const { port } = connection;
  if (port < 1 || port > 65_535)
    yield { field: 'connection.port', message: `is ${port}, not 1 to 65535` };
  yield* problemsOfTls(connection);
}

function* httpFields(connection: Connection): Generator<Violation> {
  yield* lengths(connection, ['baseUrl']);
  const { baseUrl, secretHeader, username } = connection;
  const url = URL.parse(baseUrl);
  const problem = url === null ? 'is no URL' : problemOfBase(url);
  if (problem !== undefined) {
    const hint = 'Write it like https://api.example.com/v1.';
    // It may hold a password; it is not repeated.
    yield { field: 'connection.base_url', message: problem, hint };
  }
  if (secretHeader !== '' && !isHeaderName(secretHeader))
    yield { field: 'connection.secret_header', message: 'is no name of a header' };
  if (username.includes(':'))
    yield { field: 'connection.username', message: 'has a colon, which Basic cannot send' };
  yield* problemsOfWay(connection, url?.protocol === 'https:');
}

function problemOfBase(url: URL): string | undefined {
  if (!(url.protocol in HTTP_PORTS)) return 'is no http or https address';
  if (url.username !== '' || url.password !== '')
    return 'holds a user or a password, which would be stored in the clear';
  return url.search === '' && url.hash === '' ? undefined : 'has a query or a fragment';
}

function* lengths(
  connection: Connection,
  fields: readonly ('host' | 'database' | 'username' | 'baseUrl')[],
): Generator<Violation> {
  for (const field of fields) {
    const text = connection[field];
    if (text.length <= FIELD_LENGTH_MAX && !text.includes('\u0000')) continue;
    const name = field === 'baseUrl' ? 'base_url' : field;
    const message = `has more than ${FIELD_LENGTH_MAX} characters or a NUL`;
    yield { field: `connection.${name}`, message };
  }
}

/** What to say when there is no connection of this name. */
export async function connectionNotFound(context: RpcContext, name: string): Promise<FloeError> {
  const rows = await listConnections(context.db, { after: '', limit: NAMES_MAX });
  const nearest = nearestName(
    name,
    rows.map((row) => row.name),
  );
  return new FloeError('CONNECTION_NOT_FOUND', `no connection is named ${JSON.stringify(name)}`, {
    details: { connection: name },
    hint:
      nearest === undefined
        ? `Make it: floe connections set ${name} ...`
        : `Did you mean ${nearest}?`,
  });
}
