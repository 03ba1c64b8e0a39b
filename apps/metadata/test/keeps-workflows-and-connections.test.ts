import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode, FloeError } from '@floe/errors';
import { ConnectionKind, SslMode } from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECRET_VARIABLE, startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

async function expectCode(call: Promise<unknown>, code: ErrorCode): Promise<FloeError> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toMatchObject({ code });
  return thrown as FloeError;
}

const applyNamed = (name: string) =>
  fixture.metadata.applyWorkflow({
    source: `name: ${name}\ntasks: { a: { type: noop } }\n`,
    validateOnly: false,
  });

test('lists workflows by pages in the order of their names', async () => {
  for (const name of ['list-c', 'list-a', 'list-b']) await applyNamed(name);
  const first = await fixture.metadata.listWorkflows({
    pageSize: 2,
    pageToken: '',
    search: 'list-',
  });
  expect(first.workflows.map(({ name }) => name)).toEqual(['list-a', 'list-b']);
  const second = await fixture.metadata.listWorkflows({
    pageSize: 2,
    pageToken: first.nextPageToken,
    search: 'list-',
  });
  expect(second.workflows.map(({ name }) => name)).toEqual(['list-c']);
  expect(second.nextPageToken).toBe('');
});

test.each(['rubbish', 'WyJjb25uZWN0aW9ucyIsImEiXQ'])(
  'the page token %s is refused',
  async (pageToken) => {
    await expectCode(
      fixture.metadata.listWorkflows({ pageSize: 2, pageToken, search: '' }),
      'PAGE_TOKEN_INVALID',
    );
  },
);

test('a workflow that is not there is refused with the nearest, a version with the range', async () => {
  await applyNamed('nightly');
  const missing = await expectCode(
    fixture.metadata.getWorkflow({ name: 'nighlty', version: 0 }),
    'WORKFLOW_NOT_FOUND',
  );
  expect(missing.hint).toContain('nightly');
  const version = await expectCode(
    fixture.metadata.getWorkflow({ name: 'nightly', version: 9 }),
    'VERSION_NOT_FOUND',
  );
  expect(version.message).toContain('1 to 1');
});

test('a deleted workflow is hidden, keeps its versions, and comes back when it is applied', async () => {
  await applyNamed('passing');
  await fixture.metadata.deleteWorkflow({ name: 'passing' });
  await expectCode(
    fixture.metadata.getWorkflow({ name: 'passing', version: 0 }),
    'WORKFLOW_NOT_FOUND',
  );
  await expectCode(fixture.metadata.deleteWorkflow({ name: 'passing' }), 'WORKFLOW_NOT_FOUND');
  expect(await applyNamed('passing')).toMatchObject({ unchanged: true, version: { version: 1 } });
  const { versions } = await fixture.metadata.listWorkflowVersions({
    name: 'passing',
    pageSize: 0,
    pageToken: '',
  });
  expect(versions.map((each) => each.version)).toEqual([1]);
});

test('a connection is stored, replaced, listed and deleted', async () => {
  await fixture.setConnection('kept');
  await fixture.setConnection('kept', { database: 'other' });
  const { connection } = await fixture.metadata.getConnection({ name: 'kept' });
  expect(connection).toMatchObject({
    database: 'other',
    secretReference: `env:${SECRET_VARIABLE}`,
  });
  const { connections } = await fixture.metadata.listConnections({ pageSize: 0, pageToken: '' });
  expect(connections.map(({ name }) => name)).toContain('kept');
  await fixture.metadata.deleteConnection({ name: 'kept' });
  await expectCode(fixture.metadata.getConnection({ name: 'kept' }), 'CONNECTION_NOT_FOUND');
});

test('a password in place of a reference is refused with the mend, and is not repeated', async () => {
  const error = await expectCode(
    fixture.setConnection('leaky', { secretReference: 'canary-0815' }),
    'ARGUMENT_INVALID',
  );
  expect(error.violations[0]?.hint).toContain('env:NAME');
  expect(`${error.message}${JSON.stringify(error.violations)}`).not.toContain('canary-0815');
  expect(await fixture.query(`select 1 from floe.connection where name = 'leaky'`)).toEqual([]);
});

test('a connection is tested by logging in', async () => {
  await fixture.setConnection('tested');
  const answer = await fixture.metadata.testConnection({ name: 'tested' });
  expect(answer.serverVersion).toMatch(/^PostgreSQL \d+/);
  await fixture.setConnection('tested', { secretReference: 'env:TEST_NOT_SET_ANYWHERE' });
  const error = await expectCode(
    fixture.metadata.testConnection({ name: 'tested' }),
    'SECRET_UNAVAILABLE',
  );
  expect(error.message).toContain('TEST_NOT_SET_ANYWHERE');
});

const attempt = { runId: 'r', taskId: 't', epoch: 1n };
const HTTP = { kind: ConnectionKind.HTTP, host: '', port: 0, database: '', username: '' };

test('an HTTP API is a connection, too, and is tested with its secret', async () => {
  const asked: unknown[] = [];
  let status = 404;
  const server = createServer((request, response) => {
    asked.push(request.headers['x-api-key']);
    response.writeHead(status, { server: 'shop/1' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  await fixture.setConnection('crm', { ...HTTP, baseUrl, secretHeader: 'X-Api-Key' });
  const { connection } = await fixture.metadata.getConnection({ name: 'crm' });
  expect(connection).toMatchObject({ baseUrl, host: '127.0.0.1', port, kind: ConnectionKind.HTTP });
  const answer = await fixture.metadata.testConnection({ name: 'crm' });
  expect(answer.serverVersion).toBe('HTTP 404 (shop/1)');
  expect(asked).toEqual([fixture.postgres.password]);
  status = 401;
  await expectCode(fixture.metadata.testConnection({ name: 'crm' }), 'CREDENTIALS_REFUSED');
  await fixture.setConnection('crm', {
    ...HTTP,
    baseUrl: baseUrl.replace('127.0.0.1', 'localhost'),
  });
  await expectCode(fixture.metadata.testConnection({ name: 'crm' }), 'HTTP_FORBIDDEN');
  server.close();
});

test.each([
  ['ftp://a.example', 'no http or https'],
  ['https://ida:canary-0815@a.example', 'holds a user or a password'],
  ['https://a.example?key=canary-0815', 'has a query'],
  ['nowhere', 'is no URL'],
])('the address %s of an HTTP API is refused', async (baseUrl, message) => {
  const stored = fixture.setConnection('wrong', { ...HTTP, baseUrl });
  const error = await expectCode(stored, 'ARGUMENT_INVALID');
  expect(error.violations[0]?.message).toContain(message);
  expect(JSON.stringify(error.violations)).not.toContain('canary-0815');
});

test('the way to an HTTP API is kept, its secrets by reference', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floe-way-'));
  const fileOf = async (name: string) => {
    await writeFile(join(folder, name), `${name} in PEM\n`);
    return `file:${join(folder, name)}`;
  };
  const way = {
    proxy: 'http://proxy.example.com:3128',
    proxySecretReference: `env:${SECRET_VARIABLE}`,
    caReference: await fileOf('ca'),
    clientCertificateReference: await fileOf('certificate'),
    clientKeyReference: await fileOf('key'),
  };
  await fixture.setConnection('bank', { ...HTTP, baseUrl: 'https://bank.example.com', ...way });
  const { connection } = await fixture.metadata.getConnection({ name: 'bank' });
  expect(connection).toMatchObject(way);
  expect(await fixture.connections.resolveConnection({ name: 'bank', ...attempt })).toMatchObject({
    proxySecret: fixture.postgres.password,
    ca: 'ca in PEM',
    clientCertificate: 'certificate in PEM',
    clientKey: 'key in PEM',
  });
  await rm(folder, { recursive: true });
  await expectCode(
    fixture.connections.resolveConnection({ name: 'bank', ...attempt }),
    'SECRET_UNAVAILABLE',
  );
});

test.each([
  [{ proxy: 'https://proxy.example.com' }, 'is no address of http'],
  [{ proxy: 'http://ida:canary-0815@proxy.example.com' }, 'holds a user or a password'],
  [{ proxy: 'http://proxy.example.com/path' }, 'has a path'],
  [{ proxySecretReference: 'canary-0815' }, 'is no reference'],
  [{ proxySecretReference: 'env:A' }, 'is for a proxy, and there is none'],
  [{ clientCertificateReference: 'env:A' }, 'a certificate goes with its key'],
  [{ clientKeyReference: 'canary-0815' }, 'is no reference'],
  [{ baseUrl: 'http://a.example', caReference: 'env:A' }, 'is for addresses of https'],
])('a way to an HTTP API like %j is refused', async (way, message) => {
  const stored = fixture.setConnection('wrong', { ...HTTP, baseUrl: 'https://a.example', ...way });
  const error = await expectCode(stored, 'ARGUMENT_INVALID');
  expect(error.violations.map((each) => each.message).join('; ')).toContain(message);
  expect(JSON.stringify(error.violations)).not.toContain('canary-0815');
});

test('the authority and the certificate for a database are kept by reference, and read for who asks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floe-tls-'));
  const fileOf = async (name: string) => {
    await writeFile(join(folder, name), `${name} in PEM\n`);
    return `file:${join(folder, name)}`;
  };
  const tls = {
    sslMode: SslMode.VERIFY_FULL,
    caReference: await fileOf('ca'),
    clientCertificateReference: await fileOf('certificate'),
    clientKeyReference: await fileOf('key'),
  };
  await fixture.setConnection('books', tls);
  const { connection } = await fixture.metadata.getConnection({ name: 'books' });
  expect(connection).toMatchObject(tls);
  expect(await fixture.connections.resolveConnection({ name: 'books', ...attempt })).toMatchObject({
    ca: 'ca in PEM',
    clientCertificate: 'certificate in PEM',
    clientKey: 'key in PEM',
  });
  await rm(folder, { recursive: true });
});

test.each([
  [{ sslMode: SslMode.REQUIRE, caReference: 'env:A' }, 'is for the SSL mode that checks it'],
  [{ clientCertificateReference: 'env:A', clientKeyReference: 'env:B' }, 'is for the SSL modes'],
  [{ sslMode: SslMode.REQUIRE, clientKeyReference: 'env:A' }, 'a certificate goes with its key'],
  [{ sslMode: SslMode.VERIFY_FULL, caReference: 'canary-0815' }, 'is no reference'],
])('a way to a database like %j is refused', async (way, message) => {
  const error = await expectCode(fixture.setConnection('wrong', way), 'ARGUMENT_INVALID');
  expect(error.violations.map((each) => each.message).join('; ')).toContain(message);
  expect(JSON.stringify(error.violations)).not.toContain('canary-0815');
});

test('a task gets a connection of its kind, or is refused when it is applied', async () => {
  await fixture.setConnection('api', { ...HTTP, baseUrl: 'https://api.example.com' });
  await fixture.setConnection('base');
  const apply = (task: string) =>
    fixture.metadata.applyWorkflow({
      source: `name: kinds\ntasks:\n  a: ${task}\n`,
      validateOnly: false,
    });
  await apply('{ type: http, url: /x, connection: api }');
  for (const task of [
    '{ type: http, url: /x, connection: base }',
    '{ type: postgres_sql, connection: api, statements: [select 1] }',
  ]) {
    const error = await expectCode(apply(task), 'DOCUMENT_INVALID');
    expect(error.violations[0]?.message).toMatch(/leads to .+, and this task needs /);
  }
});

test('an executor gets the secret of an environment variable or a file, read now', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floe-secret-'));
  const path = join(folder, 'password');
  await writeFile(path, 'first\n');
  await fixture.setConnection('filed', { secretReference: `file:${path}` });
  const resolve = (name: string) => fixture.connections.resolveConnection({ name, ...attempt });
  expect((await resolve('filed')).password).toBe('first');
  await writeFile(path, 'second');
  expect((await resolve('filed')).password).toBe('second');
  await rm(folder, { recursive: true });
  await expectCode(resolve('filed'), 'SECRET_UNAVAILABLE');
  await fixture.setConnection('from_variable');
  expect((await resolve('from_variable')).password).toBe(fixture.postgres.password);
});

test('the secret is in no table', async () => {
  await fixture.setConnection('referred');
  const rows = await fixture.query(
    `select to_jsonb(c)::text as row from floe.connection c where name = 'referred'`,
  );
  expect(rows[0]!['row']).toContain(`env:${SECRET_VARIABLE}`);
  expect(Object.keys(JSON.parse(String(rows[0]!['row'])) as object)).not.toContain('password');
});

test.each(['a\u0000b', 'Ø', "'; drop table floe.workflow; --", ''])(
  'the name %j is not found, like any other that nothing has',
  async (name) => {
    const { metadata, connections } = fixture;
    await expectCode(metadata.getWorkflow({ name, version: 0 }), 'WORKFLOW_NOT_FOUND');
    await expectCode(metadata.deleteWorkflow({ name }), 'WORKFLOW_NOT_FOUND');
    await expectCode(
      metadata.listWorkflowVersions({ name, pageSize: 0, pageToken: '' }),
      'WORKFLOW_NOT_FOUND',
    );
    await expectCode(metadata.getConnection({ name }), 'CONNECTION_NOT_FOUND');
    await expectCode(metadata.deleteConnection({ name }), 'CONNECTION_NOT_FOUND');
    await expectCode(metadata.testConnection({ name }), 'CONNECTION_NOT_FOUND');
    await expectCode(connections.resolveConnection({ name, ...attempt }), 'CONNECTION_NOT_FOUND');
  },
);

test('a version that is no longer the newest changes nothing', async () => {
  const put = (text: string, expectedVersion?: number) =>
    fixture.metadata.applyWorkflow({
      source: `name: expected\ndescription: ${text}\ntasks: { a: { type: noop } }\n`,
      validateOnly: false,
      expectedVersion,
    });
  await expectCode(put('first', 1), 'VERSION_CHANGED');
  const first = await put('first');
  expect(first.version?.version).toBe(1);
  // Two who have seen the same version: one of them is first, and the other is told.
  const both = await Promise.allSettled([put('one', 1), put('other', 1)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expectCode(
    fixture.metadata.deleteWorkflow({ name: 'expected', expectedVersion: 1 }),
    'VERSION_CHANGED',
  );
  await fixture.metadata.deleteWorkflow({ name: 'expected', expectedVersion: 2 });
  const { workflows } = await fixture.metadata.listWorkflows({
    pageSize: 2,
    pageToken: '',
    search: 'expected',
  });
  expect(workflows).toEqual([]);
});
