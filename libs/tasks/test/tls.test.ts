/** Servers that are reached by TLS: who they are, who asks, and nobody in between. */
import { type TargetAddress, openTarget } from '@floe/database';
import { issueCertificate, makeAuthority } from '@floe/identities';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';
import { startTlsProxy } from './tls-proxy.ts';

const validity = { now: Date.now(), days: 1 };
const authority = makeAuthority('books', validity);
const stranger = makeAuthority('somebody else', validity);
const server = issueCertificate(authority, {
  ...validity,
  name: 'database',
  hosts: ['127.0.0.1', 'db.internal'],
});
const worker = issueCertificate(authority, { ...validity, name: 'worker', hosts: ['worker'] });

let database: TestDatabase;
let secure: TargetAddress;

/** Beside the data, where the server's user owns it; PostgreSQL wants keys to be its own. */
async function place(file: string, pem: string): Promise<void> {
  await database.session.query(
    `copy (select line from unnest(string_to_array('${pem.trim()}', chr(10))) with ordinality as l (line, n) order by n)
     to program 'umask 077; cat > ${file}'`,
  );
}

beforeAll(async () => {
  database = await startTestDatabase();
  const { session, address } = database;
  await place('server.crt', server.certificate);
  await place('server.key', server.key);
  await place('ca.crt', authority.certificate);
  await session.query(`alter system set ssl_ca_file = 'ca.crt'`);
  await session.query(`alter system set ssl = on`);
  await session.query('select pg_reload_conf()');
  const tls = { ca: authority.certificate, certificate: '', key: '' };
  secure = { ...address, sslMode: 'verify-full', tls };
  const isOn = async () => {
    await using look = await openTarget(address, options);
    const [row] = await look.query<{ ssl: string }>('show ssl');
    return row?.ssl === 'on';
  };
  await eventually(isOn, { withinMs: 20_000 });
});
afterAll(() => database.stop());

const options = { applicationName: 'floe:run:task', statementTimeoutMs: 0 };

test('a server whose authority is named is trusted, and rows go both ways', async () => {
  await database.session.query(
    'create table source as select 1 as id; create table target (id int)',
  );
  const { folder } = database;
  const config = { connection: 'c', query: 'select id from source' };
  const { dataset } = await runPostgresExtract(createContext({ folder, address: secure, config }));
  const load = { connection: 'c', table: 'target', mode: 'upsert', key: ['id'] };
  await database.session.query('create unique index on target (id)');
  const inputs = [{ taskId: 'rows', dataset: dataset! }];
  const context = createContext({ folder, address: secure, config: load, inputs });
  expect(await runPostgresLoad(context)).toMatchObject({ rows: 1 });
});

test('a server that wants to see a certificate is shown it', async () => {
  const { certificate, key } = worker;
  const address = { ...secure, tls: { ca: authority.certificate, certificate, key } };
  await using session = await openTarget(address, options);
  const seen = `select ssl, client_dn from pg_stat_ssl where pid = pg_backend_pid()`;
  expect(await session.query(seen)).toEqual([{ ssl: true, client_dn: '/CN=worker' }]);
});

test.each([
  ['nobody', { ca: '', certificate: '', key: '' }],
  ['somebody else', { ca: stranger.certificate, certificate: '', key: '' }],
])('a server that %s vouches for is not told the password', async (_, tls) => {
  await expect(openTarget({ ...secure, tls }, options)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('certificate'),
    hint: expect.stringContaining('TLS'),
  });
});

test('a certificate for another host is none', async () => {
  const other = issueCertificate(authority, { ...validity, name: 'other', hosts: ['localhost'] });
  const proxy = await startTlsProxy(database.address.port, other);
  await expect(openTarget({ ...secure, port: proxy.port }, options)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('127.0.0.1'),
  });
  proxy.stop();
});

test('somebody in between cannot pass a login on, even where nobody checks certificates', async () => {
  const { certificate, key } = issueCertificate(stranger, {
    ...validity,
    name: 'between',
    hosts: ['127.0.0.1'],
  });
  const proxy = await startTlsProxy(database.address.port, { certificate, key });
  const address = { ...database.address, sslMode: 'require' } as const;
  await using direct = await openTarget(address, options);
  expect(await direct.query('select 1 as one')).toEqual([{ one: 1 }]);
  await expect(openTarget({ ...address, port: proxy.port }, options)).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
  proxy.stop();
});

test('an abort ends a statement on a connection of TLS', async () => {
  const ending = new AbortController();
  await using session = await openTarget(secure, { ...options, signal: ending.signal });
  const outcome = session.query('select pg_sleep(62)').catch((thrown: unknown) => thrown);
  const running = () =>
    database.session.query(
      `select from pg_stat_activity where query = 'select pg_sleep(62)' and state = 'active'`,
    );
  await eventually(async () => (await running()).length === 1, { withinMs: 20_000 });
  ending.abort();
  expect(await outcome).toMatchObject({ code: 'CANCELLED' });
  await eventually(async () => (await running()).length === 0, { withinMs: 20_000 });
});
