import type { DatabaseDetails } from './shapes.ts';
import { SECRET_MASK } from './take-out-secrets.ts';
import { slugOf, withDigest, type Digest } from './names.ts';

/** A database that old documents speak of, and what Floe calls it. */
export type LegacyConnection = {
  readonly name: string;
  /** Empty where the documents do not say it. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** The environment variable that Floe will read its password from. */
  readonly secretVariable: string;
};

const POSTGRES_PORT = 5432;
const NAME_LENGTH_MAX = 63;

/**
 * The connection of a node: one for each host, port, database and user, named after them, so that the same database has
 * the same name in every document.
 */
export function connectionOf(details: DatabaseDetails, digest: Digest): LegacyConnection {
  const address = (details['host-name'] || details.host).trim();
  const [host, inline] = splitPort(address);
  const port = Number(details.port.trim() || inline || POSTGRES_PORT);
  const facts = {
    host,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : POSTGRES_PORT,
    database: (details.db || details.database).trim(),
    username: (details.username || details.user).trim(),
  };
  const name = nameOf(facts, digest);
  return { name, ...facts, secretVariable: variableOf(name) };
}

/** The password in a document that was not yet cleaned; undefined when there is none. */
export function passwordOf(details: DatabaseDetails): string | undefined {
  return details.password === '' || details.password === SECRET_MASK ? undefined : details.password;
}

function splitPort(address: string): readonly [string, string] {
  const match = /^(?<host>[^:]*):(?<port>\d{1,5})$/.exec(address);
  return [match?.groups?.['host'] ?? address, match?.groups?.['port'] ?? ''];
}

type Facts = Omit<LegacyConnection, 'name' | 'secretVariable'>;

/** Parts that stay what they are under `slugOf` are told apart by it; all others get a digest. */
function nameOf({ database, host, port, username }: Facts, digest: Digest): string {
  const parts = [database || 'database', host, username].filter((part) => part !== '');
  if (port !== POSTGRES_PORT) parts.push(String(port));
  const slug = slugOf(parts.join('-'));
  const isPlain =
    parts.every((part) => /^[a-z0-9_.]+$/.test(part)) && /^[a-z]/.test(parts[0] ?? '');
  if (isPlain && slug.length <= NAME_LENGTH_MAX) return slug;
  return withDigest(slug || 'database', JSON.stringify([database, host, port, username]), digest);
}

function variableOf(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
}
