/** The gateway with a certificate: nothing goes in the clear, and a new certificate needs no restart. */
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createFloeClient } from '@floe/client';
import { issueCertificate, makeAuthority } from '@floe/identities';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../src/service.ts';
import { startFixture, type Fixture } from './gateway-fixture.ts';

const NAME = 'floe.example.com';
const VALID = { now: Date.now(), days: 2 };
const authority = makeAuthority('test', VALID);

let folder: string;
let fixture: Fixture;
let files: { readonly cert: string; readonly key: string };

async function writePair(cert: string, key: string, now = VALID.now): Promise<void> {
  const hosts = [NAME, '127.0.0.1'];
  const made = issueCertificate(authority, { name: 'gateway', hosts, now, days: 2 });
  await writeFile(cert, made.certificate);
  await writeFile(key, made.key);
}

const settingsOf = ({ cert, key }: typeof files) => ({
  FLOE_GATEWAY_TLS_CERT: cert,
  FLOE_GATEWAY_TLS_KEY: key,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-https-'));
  files = { cert: join(folder, 'gateway.crt'), key: join(folder, 'gateway.key') };
  await writePair(files.cert, files.key);
  const settings = { FLOE_GATEWAY_HTTP_LISTEN: '127.0.0.1:0', FLOE_GATEWAY_HOSTS: NAME };
  fixture = await startFixture(
    {},
    { readCertificateMs: 20 },
    { ...settings, ...settingsOf(files) },
  );
});
afterAll(async () => {
  await fixture?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type Asked = { readonly path?: string; readonly method?: string; readonly headers?: object };

/** The head of an answer, asked as by the given name. */
async function ask(url: string, host: string, asked: Asked = {}): Promise<IncomingMessage> {
  const { path = '/', method = 'GET', headers = {} } = asked;
  const { port, protocol } = new URL(url);
  const options = {
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: { host: `${host}:${port}`, ...headers },
  };
  const request =
    protocol === 'https:'
      ? httpsRequest({ ...options, ca: authority.certificate, servername: NAME })
      : httpRequest(options);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

async function fingerprint(): Promise<string> {
  const port = Number(new URL(fixture.url).port);
  const socket = connect({ host: '127.0.0.1', port, ca: authority.certificate, servername: NAME });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test('a client that does not trust the authority is told what to do, and one that does is answered', async () => {
  await expect(fixture.client.getSystem()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    hint: expect.stringContaining('FLOE_GATEWAY_CA') as string,
  });
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  const client = createFloeClient({ baseUrl: fixture.url });
  expect(await client.getSystem()).toMatchObject({ version: expect.any(String) as string });
});

test('browsers are told to keep to HTTPS, of a name that is the gateway of everybody', async () => {
  const named = await ask(fixture.url, NAME);
  expect(named.headers['strict-transport-security']).toBe('max-age=31536000');
  const local = await ask(fixture.url, '127.0.0.1');
  expect(local.headers).not.toHaveProperty('strict-transport-security');
  expect(local.headers['x-content-type-options']).toBe('nosniff');
});

test('neither HTTP nor an old TLS is answered there', async () => {
  await expect(ask(fixture.url.replace('https', 'http'), '127.0.0.1')).rejects.toThrow();
  const port = Number(new URL(fixture.url).port);
  const old = connect({
    host: '127.0.0.1',
    port,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
    ca: authority.certificate,
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  await expect(once(old, 'secureConnect')).rejects.toThrow();
});

test('a page that is asked for by HTTP is sent on', async () => {
  const door = `http://${fixture.redirect}`;
  const answer = await ask(door, NAME, { path: '/runs/1?tab=logs' });
  const { port } = new URL(fixture.url);
  expect(answer.statusCode).toBe(308);
  expect(answer.headers.location).toBe(`https://${NAME}:${port}/runs/1?tab=logs`);
});

test.each([
  ['a write', NAME, { method: 'POST', path: '/api/v1/runs' }],
  ['a token', NAME, { path: '/api/v1/runs', headers: { authorization: 'Bearer floe_x' } }],
  ['a foreign host', 'evil.example', {}],
])('%s by HTTP is refused, not sent on', async (_, host, asked) => {
  const answer = await ask(`http://${fixture.redirect}`, host, asked);
  expect(answer.statusCode).toBe(403);
  expect(answer.headers).not.toHaveProperty('location');
  expect(answer.headers['content-type']).toBe('application/problem+json');
});

test('a certificate that is renewed is in use without a restart, and half of one never (G2, G3)', async () => {
  const before = await fingerprint();
  await writeFile(files.cert, 'half of');
  const renewed = { cert: join(folder, 'new.crt'), key: join(folder, 'new.key') };
  await writePair(renewed.cert, renewed.key);
  expect(await fingerprint()).toBe(before);
  await copyFile(renewed.key, files.key);
  await copyFile(renewed.cert, files.cert);
  await eventually(async () => (await fingerprint()) !== before, { withinMs: 10_000 });
});

test.each([
  [
    'no file',
    { cert: '/nonexistent', key: '/nonexistent' },
    /FLOE_GATEWAY_TLS_CERT: .+ cannot be read/,
  ],
  ['another key', { cert: 'a.crt', key: 'b.key' }, /FLOE_GATEWAY_TLS_KEY: .+ is not the key of/],
  ['no key', { cert: 'a.crt', key: 'a.crt' }, /FLOE_GATEWAY_TLS_KEY: .+ is no PEM file/],
  ['an old one', { cert: 'old.crt', key: 'old.key' }, /FLOE_GATEWAY_TLS_CERT: .+ was good until/],
])('%s stops the start, by the name of the setting (G1)', async (_, { cert, key }, message) => {
  const at = (name: string) => join(folder, name);
  await Promise.all([
    writePair(at('a.crt'), at('a.key')),
    writePair(at('b.crt'), at('b.key')),
    writePair(at('old.crt'), at('old.key'), VALID.now - 10 * 24 * 3_600_000),
  ]);
  const paths = cert.startsWith('/') ? { cert, key } : { cert: at(cert), key: at(key) };
  const env = readEnvironment({ FLOE_GATEWAY_LISTEN: '127.0.0.1:0', ...settingsOf(paths) });
  const log = createLogger('test', { level: 'silent' });
  await expect(startGateway(env, { log })).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringMatching(message) as string,
  });
});
