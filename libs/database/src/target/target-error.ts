import { type ErrorCode, FloeError, saidOf } from '@floe/errors';
import { DatabaseError } from 'pg';
import { type TargetAddress, describeAddress } from './target-address.ts';

/** SQLSTATEs and classes of them, from PostgreSQL's appendix "Error Codes". The first that fits counts. */
const CODES: readonly (readonly [sqlState: string, code: ErrorCode])[] = [
  ['28', 'CREDENTIALS_REFUSED'],
  ['42P01', 'TABLE_NOT_FOUND'],
  ['23', 'CONSTRAINT_VIOLATED'],
  ['44', 'CONSTRAINT_VIOLATED'],
  ['22', 'VALUE_INVALID'],
  ['08', 'CONNECTION_FAILED'],
  ['3D000', 'CONNECTION_FAILED'],
  ['25P03', 'CONNECTION_FAILED'],
  ['25P04', 'CONNECTION_FAILED'],
  ['53300', 'CONNECTION_FAILED'],
  ['57P', 'CONNECTION_FAILED'],
];

const HINTS: readonly (readonly [sqlState: string, hint: string])[] = [
  ['22012', 'guard the divisor: a / nullif(b, 0)'],
  ['22001', 'widen the column, or cut the text in a transform'],
  ['22003', 'widen the column, or cast to a larger type in the query'],
  ['22', 'find the value that PostgreSQL names, and clean or cast it in the query or a transform'],
  ['23', 'mend the rows, or the constraint that is named'],
  ['44', 'mend the rows, or load into the table behind the view'],
  [
    '25006',
    'an extract only reads: statements that write belong into a task of type postgres_sql. Elsewhere the server is a standby, or the user or database has `default_transaction_read_only`: connect to the primary, or alter the setting',
  ],
  [
    '25001',
    'the statements of a task are one transaction, and this one cannot be part of any: leave it to a job of the server',
  ],
  [
    '25P',
    'the server ends transactions that wait or last: see `idle_in_transaction_session_timeout` and `transaction_timeout`',
  ],
  [
    '08P01',
    'a pooler between has to lend sessions or transactions, not single statements (`pool_mode`), to have a connection to spare (`default_pool_size`), and to take the settings that it does not know (`ignore_startup_parameters`)',
  ],
  ['28', 'check the user and password of the connection'],
  ['3D000', 'check the database name of the connection'],
  ['3F000', 'create the schema first, or name another: `schema.table`'],
  [
    '42501',
    'grant the right to the user of the connection; rows that a policy of row security refuses have to be left out',
  ],
  ['40', 'others changed the same rows at the same time: what is tried again finds them free'],
  [
    '40001',
    'another transaction was in the way; on a standby one of its primary: long reads want `hot_standby_feedback` there, or a longer `max_standby_streaming_delay`. Then: floe runs retry RUN',
  ],
  ['42701', 'give the column another name'],
  [
    '53100',
    "make room on the server's disk, or in the tablespace that is named; then: floe runs retry RUN",
  ],
  ['53300', 'the server takes no more connections; lower the concurrency or raise max_connections'],
  ['55P03', 'another session holds a lock on the table; try again later'],
  [
    '57014',
    'somebody cancelled the statement on the server, or it ran into `statement_timeout`; take the run up again with: floe runs retry RUN',
  ],
  [
    '57P03',
    'the server starts, or comes back from a crash: its log says why; once it answers: floe runs retry RUN',
  ],
  [
    '57P',
    'an administrator ended the session, or the server stops; once it answers: floe runs retry RUN',
  ],
];

/**
 * What a user's database or the way to it did wrong, as a FloeError. Names host, port and database, never user or
 * password. What has no SQLSTATE came from the socket and is CONNECTION_FAILED.
 */
export function toTargetError(thrown: unknown, address: TargetAddress): FloeError {
  if (thrown instanceof FloeError) return thrown;
  if (thrown instanceof DatabaseError) return fromDatabase(thrown, address);
  if (wantsPassword(thrown, address)) return noPassword(thrown, address);
  const reason = saidOf(thrown);
  return new FloeError(
    'CONNECTION_FAILED',
    `the database ${describeAddress(address)} cannot be reached: ${reason}`,
    {
      cause: thrown,
      hint: 'check host, port and TLS mode of the connection, and that the server runs',
    },
  );
}

/** The driver does not send an empty password, and has no code for that: only its words begin with the exchange. */
function wantsPassword(thrown: unknown, { password }: TargetAddress): boolean {
  return password === '' && thrown instanceof Error && thrown.message.startsWith('SASL:');
}

function noPassword(cause: unknown, address: TargetAddress): FloeError {
  const message = `the database ${describeAddress(address)} wants a password, and there is none`;
  return new FloeError('CREDENTIALS_REFUSED', message, {
    cause,
    hint: 'give the connection a secret: --secret env:NAME or file:/path',
  });
}

/** The same for a session that stood. */
export function toSessionError(thrown: unknown, address: TargetAddress): FloeError {
  if (thrown instanceof FloeError) return thrown;
  if (thrown instanceof DatabaseError) return fromDatabase(thrown, address);
  const reason = saidOf(thrown);
  return new FloeError(
    'CONNECTION_FAILED',
    `the connection to the database ${describeAddress(address)} broke: ${reason}`,
    {
      cause: thrown,
      hint: 'see whether the server restarted or failed over, or a proxy or firewall between ended the connection; then: floe runs retry RUN',
    },
  );
}

/** What is wrong with a server says which server that is. */
const OF_SERVER: readonly ErrorCode[] = ['CONNECTION_FAILED', 'CREDENTIALS_REFUSED'];
const INSUFFICIENT_RESOURCES = '53';

function fromDatabase(error: DatabaseError, address: TargetAddress): FloeError {
  const sqlState = error.code ?? 'unknown';
  const code = find(CODES, sqlState) ?? 'QUERY_FAILED';
  const isOfServer = OF_SERVER.includes(code) || sqlState.startsWith(INSUFFICIENT_RESOURCES);
  const place = isOfServer ? describeAddress(address) : '';
  const detail = error.detail === undefined ? '' : `: ${error.detail}`;
  const where = code === 'VALUE_INVALID' && error.where !== undefined ? ` (${error.where})` : '';
  const message = `${place === '' ? 'PostgreSQL' : place} says: ${error.message}${detail}${where} [${sqlState}]`;
  return new FloeError(code, message, {
    cause: error,
    details: detailsOf(error, sqlState),
    hint: missingUsage(error) ?? find(HINTS, sqlState) ?? error.hint,
  });
}

/** The one grant that PostgreSQL names in full. */
function missingUsage({ message }: DatabaseError): string | undefined {
  const schema = /^permission denied for schema (.+)$/.exec(message)?.[1];
  return schema === undefined
    ? undefined
    : `grant usage on schema ${schema} to the user of the connection`;
}

function detailsOf(error: DatabaseError, sqlState: string): Record<string, string> {
  const { constraint, table, column, schema, detail } = error;
  const facts = { sql_state: sqlState, constraint, schema, table, column, detail };
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined),
  );
}

function find<Value>(
  table: readonly (readonly [string, Value])[],
  sqlState: string,
): Value | undefined {
  return table.find(([prefix]) => sqlState.startsWith(prefix))?.[1];
}

/** SQLSTATE of an error that came from PostgreSQL. */
export function sqlStateOf(thrown: unknown): string | undefined {
  if (thrown instanceof FloeError) return sqlStateOf(thrown.cause);
  return thrown instanceof DatabaseError ? thrown.code : undefined;
}
