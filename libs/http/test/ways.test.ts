/**
 * Proxies and certificates against real servers: that requests go the way that was said, and that nobody on it is shown
 * what is not for them.
 */
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { issueCertificate, makeAuthority } from '@floe/identities';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  readBeginning,
  sendRequest,
  toHttpError,
  type HttpProxy,
  type HttpTls,
} from '../src/index.ts';
import { startTestProxy } from './test-proxy.ts';

const now = Date.now();
const authority = makeAuthority('test', { now, days: 1 });
const other = makeAuthority('other', { now, days: 1 });
const issue = (name: string) =>
  issueCertificate(authority, { name, hosts: ['127.0.0.1', 'localhost'], now, days: 1 });
const serverIdentity = issue('server');
const clientIdentity = issue('client');

type Asked = { path: string; client: string | undefined; headers: IncomingMessage['headers'] };
const asked: Asked[] = [];
let redirectTo = '';

function answer(request: IncomingMessage, response: ServerResponse): void {
  const socket = request.socket as Partial<TLSSocket>;
  const client = socket.getPeerCertificate?.().subject?.CN;
  asked.push({
    path: request.url ?? '',
    client: client as string | undefined,
    headers: request.headers,
  });
  if (request.url === '/hang') return;
  if (request.url === '/away') return void response.writeHead(307, { location: redirectTo }).end();
  response.end('here');
}

const plain = createHttpServer(answer);
const secure = createHttpsServer(
  {
    key: serverIdentity.key,
    cert: serverIdentity.certificate,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: false,
  },
  answer,
);
const origin = { plain: '', secure: '' };

beforeAll(async () => {
  for (const server of [plain, secure]) server.listen(0, '127.0.0.1');
  await Promise.all([once(plain, 'listening'), once(secure, 'listening')]);
  origin.plain = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  origin.secure = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    server.close();
  }
});

const TRUSTED: HttpTls = { ca: authority.certificate, certificate: '', key: '' };
const KNOWN: HttpTls = {
  ...TRUSTED,
  certificate: clientIdentity.certificate,
  key: clientIdentity.key,
};

type Way = {
  readonly proxy?: HttpProxy;
  readonly tls?: HttpTls;
  readonly signal?: AbortSignal;
  readonly allowedHosts?: readonly string[];
};

async function send(url: string, way: Way): Promise<string> {
  asked.length = 0;
  const { signal = new AbortController().signal, allowedHosts = ['127.0.0.1'] } = way;
  const headers = { accept: '*/*' };
  const request = {
    url: new URL(url),
    method: 'GET',
    headers,
    ownHeaders: { authorization: 'own' },
  };
  const options = { ...way, signal, allowedHosts, redirectsMax: 2 };
  const { response, status } = await sendRequest(request, options);
  return `${status} ${(await readBeginning(response, 100)).toString('utf8')}`;
}

async function codeOf(sent: Promise<unknown>) {
  const thrown = await sent.then(
    () => undefined,
    (error: unknown) => error,
  );
  return toHttpError(thrown, { place: 'GET x', withinMs: 1, isLate: false });
}

test('shows the certificate of the client, and trusts the authority that was named', async () => {
  expect(await send(`${origin.secure}/a`, { tls: KNOWN })).toBe('200 here');
  expect(asked[0]).toMatchObject({ path: '/a', client: 'client' });
  expect(await send(origin.secure, { tls: TRUSTED })).toBe('200 here');
  expect(asked[0]!.client).toBeUndefined();
});

test.each([
  ['no authority', undefined],
  ['another authority', { ...TRUSTED, ca: other.certificate }],
])('a server that %s has signed is not asked, and the error says what to do', async (_, tls) => {
  expect(await codeOf(send(origin.secure, { ...(tls && { tls }) }))).toMatchObject({
    code: 'HTTP_UNREACHABLE',
    hint: expect.stringContaining('--ca') as string,
  });
  expect(asked).toEqual([]);
});

test('what is no PEM is an error that repeats none of it', async () => {
  const tls = { ...KNOWN, key: 'canary-0815' };
  const error = await codeOf(send(origin.secure, { tls }));
  expect(error.code).toBe('HTTP_UNREACHABLE');
  expect(JSON.stringify(error)).not.toContain('canary');
});

test('a redirect to another server sees neither the certificate nor what trusts it', async () => {
  redirectTo = `${origin.secure.replace('127.0.0.1', 'localhost')}/b`;
  const way = { tls: KNOWN, allowedHosts: ['127.0.0.1', 'localhost'] };
  expect(await codeOf(send(`${origin.secure}/away`, way))).toMatchObject({
    code: 'HTTP_UNREACHABLE',
  });
  expect(asked.map(({ path }) => path)).toEqual(['/away']);
});

test('goes through a proxy: with the whole address for http, and by a tunnel for https', async () => {
  await using server = await startTestProxy();
  const proxy = { url: server.url, secret: 'ida:pw-s3cret' };
  const authorization = `Basic ${btoa(proxy.secret)}`;
  expect(await send(`${origin.plain}/a?b=1`, { proxy })).toBe('200 here');
  expect(asked[0]).toMatchObject({ path: '/a?b=1', headers: { host: new URL(origin.plain).host } });
  expect(asked[0]!.headers).not.toHaveProperty('proxy-authorization');
  expect(await send(`${origin.secure}/c`, { proxy, tls: KNOWN })).toBe('200 here');
  expect(asked[0]).toMatchObject({
    path: '/c',
    client: 'client',
    headers: { authorization: 'own' },
  });
  expect(asked[0]!.headers).not.toHaveProperty('proxy-authorization');
  expect(server.asked).toEqual([
    { what: `GET ${origin.plain}/a?b=1`, authorization },
    { what: `CONNECT ${origin.secure.slice('https://'.length)}`, authorization },
  ]);
});

test('within a tunnel the certificate of the server is looked at as ever', async () => {
  await using server = await startTestProxy();
  const proxy = { url: server.url, secret: '' };
  expect(await codeOf(send(origin.secure, { proxy }))).toMatchObject({ code: 'HTTP_UNREACHABLE' });
  expect(asked).toEqual([]);
  expect(server.asked[0]!.authorization).toBeUndefined();
});

test('a redirect goes through the proxy, too', async () => {
  await using server = await startTestProxy();
  redirectTo = `${origin.plain}/b`;
  const proxy = { url: server.url, secret: '' };
  expect(await send(`${origin.plain}/away`, { proxy })).toBe('200 here');
  expect(server.asked.map(({ what }) => what)).toEqual([
    `GET ${origin.plain}/away`,
    `GET ${origin.plain}/b`,
  ]);
});

test.each([
  [407, 'HTTP_REFUSED', '--proxy-secret'],
  [403, 'HTTP_REFUSED', 'lets through'],
  [502, 'HTTP_UNAVAILABLE', 'lets through'],
])('a proxy that answers %i instead of a tunnel is told of', async (status, code, hint) => {
  await using server = await startTestProxy();
  server.refuseWith(status);
  const proxy = { url: server.url, secret: '' };
  expect(await codeOf(send(origin.secure, { proxy, tls: TRUSTED }))).toMatchObject({
    code,
    message: `GET x: the proxy answered ${status}`,
    hint: expect.stringContaining(hint) as string,
  });
});

test('a proxy within the network has to be named, and what is asked of it is judged', async () => {
  await using server = await startTestProxy();
  const proxy = { url: server.url.replace('127.0.0.1', 'localhost'), secret: '' };
  for (const url of ['http://public.example/', 'https://public.example/', origin.plain]) {
    expect(await codeOf(send(url, { proxy, allowedHosts: [] }))).toMatchObject({
      code: 'HTTP_FORBIDDEN',
    });
  }
  const allowed = { proxy: { ...proxy, url: server.url }, allowedHosts: ['127.0.0.1'] };
  expect(await codeOf(send('http://10.0.0.1/', allowed))).toMatchObject({ code: 'HTTP_FORBIDDEN' });
  expect(server.asked).toEqual([]);
});

test('an abort ends a tunnel in which nobody answers', async () => {
  await using server = await startTestProxy();
  const stop = new AbortController();
  const sent = send(`${origin.secure}/hang`, {
    proxy: { url: server.url, secret: '' },
    tls: TRUSTED,
    signal: stop.signal,
  });
  const outcome = expect(sent).rejects.toThrow('aborted');
  await once(secure, 'request');
  stop.abort();
  await outcome;
  await server.tunnelClosed;
});
