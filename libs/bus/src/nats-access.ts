/**
 * Who this process is to NATS, and how it knows the servers.
 *
 *   A1. No secret is in an error or a log: addresses are shown without their user and password.
 *   A2. A file that cannot work is refused at the start; one that changes is read again with the next connection.
 *   A3. Answers come to an inbox that bears the name of the service, so that a server can keep others from reading it.
 */
import { readFileSync } from 'node:fs';
import {
  credsAuthenticator,
  nkeyAuthenticator,
  nkeys,
  usernamePasswordAuthenticator,
} from '@nats-io/nats-core';
import type { Authenticator } from '@nats-io/nats-core';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { FloeError, toFloeError } from '@floe/errors';

/** Paths of files; all of them may be absent. */
export type BusAccess = {
  /** The seed of an nkey, or the credentials of a user with a token of its operator (.creds). */
  readonly credentialsFile?: string | undefined;
  /** The authority of the servers; with it there is no connection without TLS. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
};

type Access = Pick<
  NodeConnectionOptions,
  'servers' | 'tls' | 'authenticator' | 'inboxPrefix' | 'name'
>;

/** Throws CONFIGURATION_INVALID when the file of credentials holds none (A2). */
export function natsAccess(
  urls: readonly string[],
  { name, access = {} }: { readonly name: string; readonly access?: BusAccess | undefined },
): Access {
  const parsed = urls.map((url) => new URL(url));
  const authenticator = authenticatorOf(parsed, access.credentialsFile);
  const needsTls =
    access.caFile !== undefined || parsed.some(({ protocol }) => protocol === 'tls:');
  return {
    name,
    inboxPrefix: inboxPrefix(name),
    servers: parsed.map(({ host }) => host),
    ...(authenticator !== undefined && { authenticator }),
    ...(needsTls && { tls: tlsOf(access) }),
  };
}

/** A3 */
export function inboxPrefix(name: string): string {
  return `_INBOX.${name}`;
}

/** A1 */
export function shownUrls(urls: readonly string[]): string {
  return urls
    .map((url) => new URL(url))
    .map(({ protocol, host }) => `${protocol}//${host}`)
    .join(', ');
}

/** The files are read by the client with each connection. */
function tlsOf({ caFile, certFile, keyFile }: BusAccess) {
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && keyFile !== undefined && { certFile, keyFile }),
  };
}

function authenticatorOf(
  urls: readonly URL[],
  credentialsFile: string | undefined,
): Authenticator | undefined {
  if (credentialsFile !== undefined) return fileAuthenticator(credentialsFile);
  const named = urls.find(({ username }) => username !== '');
  if (named === undefined) return undefined;
  const [user, password] = [named.username, named.password].map(decodeURIComponent);
  return usernamePasswordAuthenticator(user!, password);
}

function fileAuthenticator(path: string): Authenticator {
  const read = () => readCredentials(path);
  return read().kind === 'creds'
    ? credsAuthenticator(() => read().bytes)
    : nkeyAuthenticator(() => read().bytes);
}

type Credentials = { readonly kind: 'creds' | 'nkey'; readonly bytes: Uint8Array };

function readCredentials(path: string): Credentials {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw invalid(`${path} cannot be read: ${toFloeError(thrown).message}`);
  }
  if (text.includes('-----BEGIN NATS USER JWT-----')) {
    return { kind: 'creds', bytes: Buffer.from(text) };
  }
  const bytes = Buffer.from(text.trim());
  if (!isUserSeed(bytes)) throw invalid(`${path} holds neither the seed of a user nor credentials`);
  return { kind: 'nkey', bytes };
}

function isUserSeed(seed: Uint8Array): boolean {
  try {
    return nkeys.fromSeed(seed).getPublicKey().startsWith('U');
  } catch {
    // Its text says what is wrong with the letters, and may repeat them.
    return false;
  }
}

function invalid(problem: string): FloeError {
  return new FloeError('CONFIGURATION_INVALID', `FLOE_NATS_CREDENTIALS: ${problem}`, {
    details: { variable: 'FLOE_NATS_CREDENTIALS' },
    hint: 'It names a file with the seed of an nkey (SU...), or a .creds file.',
  });
}
