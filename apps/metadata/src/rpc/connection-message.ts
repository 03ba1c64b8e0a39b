import { FloeError, nearestName, type Violation } from '@floe/errors';
import { type Connection, SslMode } from '@floe/rpc/contracts';
import { RESOURCE_NAME, RESOURCE_NAME_RULE } from '@floe/workflow';
import { FIELD_LENGTH_MAX, NAMES_MAX } from '../limits.ts';
import { isSecretReference } from '../secrets/read-secret.ts';
import {
  listConnections,
  type ConnectionRow,
  type ConnectionValues,
} from '../store/connections.ts';
import type { RpcContext } from './context.ts';

const SSL_MODES = {
  disable: SslMode.DISABLE,
  require: SslMode.REQUIRE,
  verify_full: SslMode.VERIFY_FULL,
} as const;

type SslModeText = keyof typeof SSL_MODES;

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
  };
}

/** Checks a connection that is to be stored. Throws ARGUMENT_INVALID with every violation. */
export function toValues(connection: Connection | undefined): ConnectionValues {
  if (connection === undefined) throw new FloeError('ARGUMENT_INVALID', 'connection is missing');
  const violations = [...namesAndTexts(connection), ...portAndSecret(connection)];
  if (violations.length > 0) {
    const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new FloeError('ARGUMENT_INVALID', `the connection is wrong: ${listed}`, { violations });
  }
  const mode = Object.entries(SSL_MODES).find(([, value]) => value === connection.sslMode)?.[0];
  return {
    name: connection.name,
    host: connection.host,
    port: connection.port,
    database: connection.database,
    username: connection.username,
    secret_reference: connection.secretReference,
    ssl_mode: mode ?? 'disable',
  };
}

function* namesAndTexts(connection: Connection): Generator<Violation> {
  if (!RESOURCE_NAME.test(connection.name)) {
    yield {
      field: 'connection.name',
      message: `is ${JSON.stringify(connection.name)}`,
      hint: RESOURCE_NAME_RULE,
    };
  }
  for (const field of ['host', 'database', 'username'] as const) {
    const text = connection[field];
    if (text === '') yield { field: `connection.${field}`, message: 'is empty' };
    if (text.length > FIELD_LENGTH_MAX || text.includes('\u0000')) {
      yield {
        field: `connection.${field}`,
        message: `has more than ${FIELD_LENGTH_MAX} characters or a NUL`,
      };
    }
  }
}

function* portAndSecret(connection: Connection): Generator<Violation> {
  const { port, secretReference } = connection;
  if (port < 1 || port > 65_535)
    yield { field: 'connection.port', message: `is ${port}, not 1 to 65535` };
  if (secretReference !== '' && !isSecretReference(secretReference)) {
    yield {
      field: 'connection.secret_reference',
      // The text may be a password; it is not repeated.
      message: 'is no reference to a secret',
      hint: 'Floe stores no passwords: write env:NAME or file:/absolute/path.',
    };
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
