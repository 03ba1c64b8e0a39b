import { readFile } from 'node:fs/promises';
import type { TargetAddress } from '@floe/database';
import type { FloeClient, SslMode } from '@floe/client';
import { FloeError } from '@floe/errors';
import type { Environment } from '../context.ts';

export type Source = {
  readonly address: TargetAddress;
  /** Set when the server knows it already. */
  readonly connection?: string;
};

const SSL_MODES: Partial<Record<SslMode, NonNullable<TargetAddress['sslMode']>>> = {
  SSL_MODE_DISABLE: 'disable',
  SSL_MODE_REQUIRE: 'require',
  SSL_MODE_VERIFY_FULL: 'verify-full',
};

type Finding = {
  readonly client: FloeClient;
  readonly env: Environment;
  readonly secret: string | undefined;
};

/** The database that a word means: a URL, or a connection of the server. */
export async function findSource(word: string, { client, env, secret }: Finding): Promise<Source> {
  if (word.includes('://')) return { address: await addressOfUrl(word, secret, env) };
  const found = await client.getConnection(word);
  const { host, port, database, username: user, secretReference, sslMode } = found;
  const password = await readPassword(secret ?? secretReference, env);
  const mode = SSL_MODES[sslMode];
  const tls = {
    ca: await readSecret(found.caReference, env),
    certificate: await readSecret(found.clientCertificateReference, env),
    key: await readSecret(found.clientKeyReference, env),
  };
  const address = { host, port, database, user, password, tls, ...(mode && { sslMode: mode }) };
  return { address, connection: word };
}

async function addressOfUrl(
  text: string,
  secret: string | undefined,
  env: Environment,
): Promise<TargetAddress> {
  const url = URL.parse(text);
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '');
  const isPostgres = ['postgres:', 'postgresql:'].includes(url?.protocol ?? '');
  if (url === null || !isPostgres || url.hostname === '' || database === '') {
    // Without the text, which may hold a password.
    throw new FloeError('ARGUMENT_INVALID', 'that is no address of a PostgreSQL database', {
      hint: 'Write postgres://user@host:port/database, or the name of a connection.',
    });
  }
  const inUrl = decodeURIComponent(url.password);
  const mode = url.searchParams.get('sslmode');
  const sslMode = Object.values(SSL_MODES).find((known) => known === mode);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    database,
    user: decodeURIComponent(url.username) || (env['PGUSER'] ?? env['USER'] ?? ''),
    password: inUrl === '' ? await readPassword(secret, env) : inUrl,
    ...(sslMode !== undefined && { sslMode }),
  };
}

/** `env:NAME` or `file:/path` is read here, where the command runs; without one, PGPASSWORD as psql does. */
async function readPassword(reference: string | undefined, env: Environment): Promise<string> {
  if (reference === undefined || reference === '') return env['PGPASSWORD'] ?? '';
  return readSecret(reference, env);
}

async function readSecret(reference: string, env: Environment): Promise<string> {
  if (reference === '') return '';
  const [, kind, place = ''] = /^(env|file):(.+)$/s.exec(reference) ?? [];
  const value = kind === 'env' ? env[place] : kind === 'file' ? await readText(place) : undefined;
  if (value !== undefined) return value.replace(/\r?\n$/, '');
  throw new FloeError('SECRET_UNAVAILABLE', `what ${reference} names cannot be read here`, {
    hint: 'The command looks at the database itself: give --secret env:NAME or file:/path, or PGPASSWORD.',
  });
}

async function readText(path: string): Promise<string | undefined> {
  // Why it cannot be read does not matter: the error says what to give instead.
  return readFile(path, 'utf8').catch(() => undefined);
}
