import { cancelBackend, describeTable, openTarget, parseTableName } from '@floe/database';
import { FloeError } from '@floe/errors';
import { eventually, freePort } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { startPoolerProxy } from './pooler-proxy.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

const options = { applicationName: 'floe:run:task', statementTimeoutMs: 0 };

test('a wrong password is refused credentials, and is not repeated in the error', async () => {
  const address = { ...database.address, password: 'not-the-password' };
  const error = await openTarget(address, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CREDENTIALS_REFUSED' });
  expect(String(error)).toContain(`127.0.0.1:${address.port}/postgres`);
  expect(JSON.stringify(error) + String(error)).not.toContain('not-the-password');
});

test('a server that wants a password says so where there is none', async () => {
  const opening = openTarget({ ...database.address, password: '' }, options);
  await expect(opening).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
    message: expect.stringContaining('wants a password, and there is none'),
  });
});

test('a server that is not there is named with host, port and database', async () => {
  const port = await freePort();
  await expect(openTarget({ ...database.address, port }, options)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining(`127.0.0.1:${port}/postgres`),
  });
});

test('a database that is not there is named too', async () => {
  await expect(
    openTarget({ ...database.address, database: 'nowhere' }, options),
  ).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    hint: expect.stringContaining('database name'),
  });
});

test('TLS is demanded when the address says so', async () => {
  await expect(
    openTarget({ ...database.address, sslMode: 'require' }, options),
  ).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
});

test('statements carry the trace and the session its name, cut to what PostgreSQL keeps', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const applicationName = `floe:${'r'.repeat(80)}`;
  await using session = await openTarget(database.address, {
    ...options,
    applicationName,
    traceparent,
  });
  const [row] = await session.query<{ query: string; application_name: string }>(
    'select query, application_name from pg_stat_activity where pid = pg_backend_pid()',
  );
  expect(row?.query).toMatch(new RegExp(`^/\\* traceparent='${traceparent}' \\*/ select`));
  expect(row?.application_name).toHaveLength(63);
});

test('a trace context that is none never reaches a statement', async () => {
  await using session = await openTarget(database.address, {
    ...options,
    traceparent: '*/ select 1 /*',
  });
  const [row] = await session.query<{ query: string }>(
    'select query from pg_stat_activity where pid = pg_backend_pid()',
  );
  expect(row?.query).toMatch(/^select query/);
});

test('a statement that runs too long ends with its SQLSTATE', async () => {
  await using session = await openTarget(database.address, { ...options, statementTimeoutMs: 50 });
  await expect(session.query('select pg_sleep(10)')).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    details: { sql_state: '57014' },
  });
});

test('cancelBackend ends the running statement and the session, at once', async () => {
  await using session = await openTarget(database.address, options);
  const outcome = session.query('select pg_sleep(60)').catch((thrown: unknown) => thrown);
  const startedAt = performance.now();
  await cancelBackend(database.address, session.backendPid);
  expect(await outcome).toBeInstanceOf(FloeError);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await expect(session.query('select 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
});

test('cancelBackend ends a session that waits within a transaction', async () => {
  await using session = await openTarget(database.address, options);
  await session.query('begin');
  await cancelBackend(database.address, session.backendPid);
  await expect(session.query('select 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
});

test('cancelBackend leaves sessions of others alone', async () => {
  await using session = await openTarget(database.address, { ...options, applicationName: 'psql' });
  const outcome = session.query('select pg_sleep(0.3)');
  await cancelBackend(database.address, session.backendPid);
  expect(await outcome).toHaveLength(1);
});

test('cancelBackend leaves a session alone that a pooler has lent to another run', async () => {
  await using session = await openTarget(database.address, options);
  const outcome = session.query('select pg_sleep(0.3)');
  await cancelBackend(database.address, session.backendPid, { name: 'floe:other:' });
  expect(await outcome).toHaveLength(1);
});

test('behind a pooler an abort ends the statement on the server, too', async () => {
  const pooler = await startPoolerProxy(database.address.port);
  const ending = new AbortController();
  const address = { ...database.address, port: pooler.port };
  await using session = await openTarget(address, { ...options, signal: ending.signal });
  const outcome = session.query('select pg_sleep(61)').catch((thrown: unknown) => thrown);
  const running = () =>
    database.session.query(
      `select from pg_stat_activity where query = 'select pg_sleep(61)' and state = 'active'`,
    );
  await eventually(async () => (await running()).length === 1, { withinMs: 20_000 });
  ending.abort();
  expect(await outcome).toMatchObject({ code: 'CANCELLED' });
  await eventually(async () => (await running()).length === 0, { withinMs: 20_000 });
  expect(pooler.cancels()).toBe(1);
  pooler.stop();
});

test('behind a pooler settings hold for transactions, and do not stay with what serves others next', async () => {
  const { session: own, address } = database;
  await own.query(`create role odd_pooled login superuser password '${address.password}';
    alter role odd_pooled set datestyle = 'SQL, DMY'`);
  const pooler = await startPoolerProxy(address.port);
  const pooled = { ...address, port: pooler.port, user: 'odd_pooled' };
  const limits = { ...options, statementTimeoutMs: 12_345 };
  await using session = await openTarget(pooled, limits);
  const ask = `select current_setting('datestyle') as style, current_setting('statement_timeout') as within`;
  const inside = await session.transaction('begin', () => session.query(ask));
  expect(inside).toEqual([{ style: 'ISO, DMY', within: '12345ms' }]);
  expect(await session.query(ask)).toEqual([{ style: 'SQL, DMY', within: '0' }]);
  // A transaction that joins a snapshot may ask nothing before it.
  const joined = await own.transaction('begin isolation level repeatable read', async () => {
    const [held] = await own.query<{ id: string }>('select pg_export_snapshot() as id');
    return session.transaction('begin isolation level repeatable read', async () => {
      await session.query(`set transaction snapshot '${held!.id}'`);
      return session.query(`select current_setting('datestyle') as style`);
    });
  });
  expect(joined).toEqual([{ style: 'ISO, DMY' }]);
  pooler.stop();
});

test('a table is described with its columns, defaults and unique keys', async () => {
  await database.session.query(
    `create domain cents as numeric(10,2) default 0;
     create table "Odd Table" (a int generated always as identity, b cents not null, c text not null,
       d int generated always as (1) stored, e int default 4, gone int, primary key (c), unique (e, b));
     alter table "Odd Table" drop column gone;
     create unique index on "Odd Table" (a) where a > 3`,
  );
  expect(await describeTable(database.session, parseTableName('"Odd Table"'))).toMatchObject({
    columns: [
      { name: 'a', isGenerated: true, isNullable: false },
      {
        name: 'b',
        type: { oid: 1700, name: 'numeric(10,2)' },
        hasDefault: true,
        isNullable: false,
      },
      { name: 'c', hasDefault: false, isNullable: false },
      { name: 'd', isGenerated: true },
      { name: 'e', hasDefault: true, isNullable: true },
    ],
    uniqueKeys: [
      { columns: ['c'], findsNull: false },
      { columns: ['e', 'b'], findsNull: false },
    ],
  });
});
