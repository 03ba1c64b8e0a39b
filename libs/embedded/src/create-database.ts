import { openTarget, quoteIdentifier } from '@floe/database';

// Copying the empty template takes a tenth of a second; a busy disk a few.
const CREATE_WITHIN_MS = 30_000;

/** Makes an empty database on the server of `url` and gives its address. */
export async function createDatabase(url: string, name: string): Promise<string> {
  await withSession(url, (query) => query(`create database ${quoteIdentifier(name)}`, []));
  return databaseUrl(url, name);
}

/** The same, but a database of that name that is there already is fine. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  await withSession(url, async (query) => {
    const found = await query('select 1 from pg_database where datname = $1', [name]);
    if (found.length === 0) await query(`create database ${quoteIdentifier(name)}`, []);
  });
  return databaseUrl(url, name);
}

type Query = (sql: string, values: readonly unknown[]) => Promise<readonly unknown[]>;

async function withSession(url: string, work: (query: Query) => Promise<unknown>): Promise<void> {
  const { hostname, port, pathname, username, password } = new URL(url);
  await using session = await openTarget(
    {
      host: hostname,
      port: Number(port),
      database: decodeURIComponent(pathname.slice(1)),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
    },
    { applicationName: 'floe:create-database', statementTimeoutMs: CREATE_WITHIN_MS },
  );
  await work((sql, values) => session.query(sql, values));
}

function databaseUrl(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${encodeURIComponent(name)}`;
  return target.href;
}
