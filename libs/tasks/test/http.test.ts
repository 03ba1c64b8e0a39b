/** The `http` task against a real server: what goes out, what comes back, and what a hostile one can do. */
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { previewDataset } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIGHT_RUNNERS } from '../src/light.ts';
import { RUNNERS } from '../src/run.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { createContext } from './task-context.ts';

let folder: string;
let server: HttpServer;

const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };
const ENDPOINT = { username: '', secret: 'tok-s3cret', secretHeader: '' };
const text = (value: string) => ({ kind: 'string', value }) as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-http-'));
  server = await startHttpServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Given = Omit<Partial<Parameters<typeof createContext>[0]>, 'config'>;

function contextOf(config: Record<string, unknown>, given: Given = {}) {
  const url = typeof config['url'] === 'string' ? config['url'] : `${server.origin}/x`;
  return createContext({
    folder,
    address,
    httpHosts: ['127.0.0.1'],
    ...given,
    config: { ...config, url },
  });
}

const sendLight = (config: Record<string, unknown>, given?: Given) =>
  LIGHT_RUNNERS['http']!(contextOf(config, given));

async function rowsOf(config: Record<string, unknown>, given?: Given) {
  const context = contextOf(config, given);
  const { dataset, rows } = await RUNNERS['http']!(context);
  return { dataset, rows, values: (await previewDataset(context.outputPath, 100)).rows };
}

test('sends values where they stand, encoded, and typed in JSON', async () => {
  server.answerWith((response) => void response.writeHead(201).end('made'));
  const params = {
    id: text('a/b?c#d é'),
    big: { kind: 'integer', value: '9223372036854775807' },
    rate: { kind: 'float', value: '0.5' },
    on: { kind: 'boolean', value: 'true' },
    none: { kind: 'null' },
  } as const;
  const config = {
    method: 'POST',
    url: `${server.origin}/orders/\${{ params.id }}?as=\${{ params.id }}`,
    query: { q: 'x&y=${{ params.id }}', tag: ['a', 'b'], page: 2, skip: '${{ params.none }}' },
    headers: { 'X-Tenant': 'no ${{ params.big }}', 'X-None': '${{ params.none }}' },
    json: {
      big: '${{ params.big }}',
      list: ['${{ params.rate }}', '${{ params.on }}', '${{ params.none }}', 1, null],
      text: 'order ${{ params.id }} "quoted"',
    },
  };
  const context = contextOf(config, {
    params,
    runId: 'r-1',
    taskId: 'store',
    traceparent: '00-aa-bb-01',
  });
  expect(await LIGHT_RUNNERS['http']!(context)).toEqual({ rows: 0, bytes: 4 });
  const [{ method, url, headers, body }] = server.seen as [(typeof server.seen)[number]];
  const encoded = 'a%2Fb%3Fc%23d%20%C3%A9';
  expect(method).toBe('POST');
  expect(url).toBe(`/orders/${encoded}?as=${encoded}&q=x%26y%3D${encoded}&tag=a&tag=b&page=2`);
  expect(body).toBe(
    '{"big":9223372036854775807,"list":[0.5,true,null,1,null],"text":"order a/b?c#d é \\"quoted\\""}',
  );
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-tenant': 'no 9223372036854775807',
    'idempotency-key': 'r-1/store',
    traceparent: '00-aa-bb-01',
    'user-agent': 'floe',
  });
  expect(headers).not.toHaveProperty('x-none');
  expect(context.spans).toEqual([
    {
      name: 'POST',
      kind: 'client',
      attributes: expect.objectContaining({
        'http.request.method': 'POST',
        'http.response.status_code': 201,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(server.origin).port),
        'url.full': `${server.origin}/orders/${encoded}`,
      }) as object,
    },
  ]);
});

test.each([
  [{ body: 'hi ${{ params.who }}', method: 'PUT' }, 'text/plain; charset=utf-8', 'hi Ida & Bo'],
  [
    { form: { who: '${{ params.who }}', n: 1 }, method: 'POST' },
    'application/x-www-form-urlencoded',
    'who=Ida+%26+Bo&n=1',
  ],
])('sends other bodies %#', async (config, type, body) => {
  server.answerWith((response) => void response.end());
  await sendLight(config, { params: { who: text('Ida & Bo') } });
  expect(server.seen[0]).toMatchObject({ body, headers: { 'content-type': type } });
});

test.each([
  ['a step that leads up', { url: '/a/${{ params.v }}/b' }, '..'],
  ['a step that is empty', { url: '/a/${{ params.v }}' }, ''],
  ['a line in a header', { headers: { 'X-A': 'b${{ params.v }}' } }, 'x\r\nEvil: 1'],
  ['a letter that no header holds', { headers: { 'X-A': '${{ params.v }}' } }, 'é'],
  ['no number', { method: 'POST', json: '${{ params.f }}' }, 'x'],
])('a value cannot bring %s', async (_, config, value) => {
  server.answerWith((response) => void response.end());
  const url = 'url' in config ? `${server.origin}${config.url}` : server.origin;
  const params = { v: text(value), f: { kind: 'float', value: 'NaN' } } as const;
  await expect(sendLight({ ...config, url }, { params })).rejects.toMatchObject({
    code: 'PARAMETER_INVALID',
  });
  expect(server.seen).toEqual([]);
});

test.each([
  [{ secret: 'tok-s3cret' }, { authorization: 'Bearer tok-s3cret' }],
  [{ username: 'ida', secret: 'pw' }, { authorization: `Basic ${btoa('ida:pw')}` }],
  [{ secretHeader: 'X-Api-Key', secret: 'k' }, { 'x-api-key': 'k' }],
])('lets itself in by the secret of its connection %#', async (credentials, headers) => {
  server.answerWith((response) => void response.end());
  const endpoint = { ...ENDPOINT, ...credentials, baseUrl: `${server.origin}/v1/` };
  await sendLight({ url: '/orders?n=1', connection: 'crm' }, { endpoint });
  expect(server.seen[0]).toMatchObject({ url: '/v1/orders?n=1', headers });
});

test.each([
  [400, 'HTTP_REFUSED'],
  [404, 'HTTP_REFUSED'],
  [302, 'HTTP_REFUSED'],
  [408, 'HTTP_UNAVAILABLE'],
  [429, 'HTTP_UNAVAILABLE'],
  [500, 'HTTP_UNAVAILABLE'],
  [503, 'HTTP_UNAVAILABLE'],
])('an answer of %i is %s, told without secret and query', async (status, code) => {
  server.answerWith((response, { headers }) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(`{"said":\n"${headers.authorization} is wrong"}`);
  });
  const endpoint = { ...ENDPOINT, baseUrl: server.origin };
  const context = contextOf({ url: '/a?private=1', connection: 'crm' }, { endpoint });
  const error = await LIGHT_RUNNERS['http']!(context).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code,
    isRetryable: code === 'HTTP_UNAVAILABLE',
    message: `GET ${server.origin}/a answered ${status}: {"said": "Bearer *** is wrong"}`,
    hint: expect.any(String) as string,
  });
  expect(JSON.stringify([error, context.logs, context.spans])).not.toMatch(/s3cret|private/);
  expect(context.spans[0]!.attributes['error.type']).toBeDefined();
});

test.each([
  [204, undefined],
  [404, [404]],
  [404, ['2xx', '4xx']],
])('takes %i where %j is expected', async (status, expected) => {
  server.answerWith((response) => void response.writeHead(status).end());
  expect(await sendLight({ ...(expected && { expect: expected }) })).toEqual({ rows: 0, bytes: 0 });
});

test('asks again when the server says when, and that is soon', async () => {
  server.answerWith((response) => {
    if (server.seen.length > 2) response.end();
    else response.writeHead(429, { 'retry-after': '0' }).end();
  });
  const context = contextOf({ method: 'POST' });
  await LIGHT_RUNNERS['http']!(context);
  const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(1);
  expect(context.spans.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([
    undefined,
    1,
    2,
  ]);
});

test('asks four times at most, and not when the wait is long', async () => {
  server.answerWith((response) => void response.writeHead(503, { 'retry-after': '0' }).end());
  await expect(sendLight({})).rejects.toMatchObject({ code: 'HTTP_UNAVAILABLE' });
  expect(server.seen).toHaveLength(4);
  server.answerWith((response) => void response.writeHead(503, { 'retry-after': '3600' }).end());
  await expect(sendLight({})).rejects.toMatchObject({ code: 'HTTP_UNAVAILABLE' });
  expect(server.seen).toHaveLength(1);
});

test('follows redirects within the server with its secret, and to others without', async () => {
  await using other = await startHttpServer();
  server.answerWith((response, { url }) => {
    if (url === '/first') return void response.writeHead(307, { location: '/second' }).end();
    response.writeHead(303, { location: `http://x:y@${other.origin.slice(7)}/third` }).end();
  });
  const endpoint = { ...ENDPOINT, baseUrl: server.origin };
  const config = {
    method: 'POST',
    url: '/first',
    connection: 'crm',
    json: { a: 1 },
    headers: { 'X-Own': 'v' },
  };
  await sendLight(config, { endpoint });
  expect(server.seen.map(({ method, body }) => [method, body])).toEqual([
    ['POST', '{"a":1}'],
    ['POST', '{"a":1}'],
  ]);
  expect(server.seen[1]!.headers.authorization).toBe('Bearer tok-s3cret');
  const [third] = other.seen;
  expect(third).toMatchObject({ method: 'GET', url: '/third', body: '' });
  for (const name of ['authorization', 'x-own', 'idempotency-key', 'content-type'])
    expect(third!.headers).not.toHaveProperty(name);
});

test('a loop of redirects ends', async () => {
  server.answerWith((response) => void response.writeHead(302, { location: '/again' }).end());
  await expect(sendLight({ redirects: 3 })).rejects.toMatchObject({
    code: 'HTTP_REFUSED',
    hint: expect.stringContaining('too many redirects') as string,
  });
  expect(server.seen).toHaveLength(4);
});

test.each(['127.0.0.1', 'localhost', '127.1', '0x7f000001', '[::ffff:127.0.0.1]'])(
  'does not connect to %s unless the setting names it, also by a redirect',
  async (host) => {
    const inner = server.origin.replace('127.0.0.1', host);
    server.answerWith((response) => void response.end());
    await expect(sendLight({ url: inner }, { httpHosts: [] })).rejects.toMatchObject({
      code: 'HTTP_FORBIDDEN',
      hint: expect.stringContaining('FLOE_HTTP_HOSTS') as string,
    });
    expect(server.seen).toEqual([]);
  },
);

test('a redirect does not lead to where the task may not go', async () => {
  const inner = server.origin.replace('127.0.0.1', 'localhost');
  server.answerWith((response) => void response.writeHead(302, { location: inner }).end());
  await expect(sendLight({})).rejects.toMatchObject({ code: 'HTTP_FORBIDDEN' });
  expect(server.seen).toHaveLength(1);
});

test.each([
  ['says nothing', () => undefined],
  ['never ends', (response) => void response.writeHead(200).write('x')],
] as [string, Parameters<HttpServer['answerWith']>[0]][])(
  'a server that %s is given up after the time of the request',
  async (_, answer) => {
    server.answerWith(answer);
    await expect(sendLight({ request_timeout: '100ms' })).rejects.toMatchObject({
      code: 'HTTP_TIMEOUT',
      isRetryable: true,
    });
  },
);

test('a cancel ends a request that waits, and one between two tries', async () => {
  const untilCancelled = async (answer: Parameters<HttpServer['answerWith']>[0]) => {
    server.answerWith(answer);
    const cancel = new AbortController();
    const asked = server.nextRequest();
    const sent = sendLight({}, { signal: cancel.signal });
    const outcome = expect(sent).rejects.toMatchObject({ code: 'CANCELLED' });
    await asked;
    cancel.abort();
    await outcome;
  };
  const closed = Promise.withResolvers<void>();
  await untilCancelled((response) => void response.on('close', closed.resolve));
  await closed.promise;
  await untilCancelled((response) => void response.writeHead(503, { 'retry-after': '30' }).end());
  expect(server.seen).toHaveLength(1);
});

test('a server that is away, or cuts the connection, can be tried again', async () => {
  const gone = await startHttpServer();
  await gone[Symbol.asyncDispose]();
  await expect(sendLight({ url: gone.origin })).rejects.toMatchObject({
    code: 'HTTP_UNREACHABLE',
    isRetryable: true,
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
  server.answerWith((response) => void response.socket!.destroy());
  await expect(sendLight({})).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
  server.answerWith((response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('[{"a":', () => response.socket!.destroy());
  });
  await expect(rowsOf({ format: 'json' })).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
});

test('rows of JSON are columns, with all of their digits', async () => {
  server.answerWith((response) =>
    response.end('{"data":{"items":[{"id":9007199254740993,"n":"a"},{"id":-1,"x":true}]}}'),
  );
  const found = await rowsOf({ format: 'json', rows: 'data.items' });
  expect(found.values).toEqual([
    ['9007199254740993', 'a', null],
    [-1, null, true],
  ]);
  expect(server.seen[0]!.headers.accept).toBe('application/json');
  expect((await readdir(folder)).filter((name) => name.endsWith('.answer'))).toEqual([]);
});

test('declared columns hold for an answer without rows, and give types', async () => {
  const columns = [{ id: 'Int64' }, { day: 'Date' }];
  server.answerWith((response) => void response.end('[]'));
  const empty = await rowsOf({ format: 'json', columns });
  expect(empty.dataset?.schema.map(({ type }) => type.kind)).toEqual(['int64', 'date']);
  expect(empty.rows).toBe(0);
  server.answerWith((response) => void response.end('[{"day":"2024-01-02","id":1,"more":2}]'));
  expect((await rowsOf({ format: 'json', columns })).values).toEqual([[1, '2024-01-02']]);
});

test.each([
  ['csv', 'a,b\n1,x\n2,\n'],
  ['ndjson', '{"a":1,"b":"x"}\n{"a":2,"b":null}\n'],
])('reads %s, also packed', async (format, answer) => {
  server.answerWith((response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(answer)),
  );
  expect((await rowsOf({ format })).values).toEqual([
    [1, 'x'],
    [2, null],
  ]);
});

test('the response as a row has the status, the headers and the body', async () => {
  server.answerWith((response) =>
    response
      .writeHead(404, { 'content-type': 'text/plain', 'set-cookie': 'session=s3cret', etag: '"1"' })
      .end('not there'),
  );
  const { values } = await rowsOf({ format: 'response', expect: [404] });
  expect(values[0]).toMatchObject([
    404,
    'text/plain',
    expect.stringContaining('\\"1\\"'),
    'not there',
  ]);
  expect(JSON.stringify(values)).not.toContain('s3cret');
});

test.each([
  ['no JSON', '<html>', {}, /no JSON/],
  ['a list of numbers', '[1,2]', {}, /\[0\] is a number, not an object/],
  ['another shape', '{"items":[]}', { rows: 'data' }, /nothing at "data"/],
  ['no rows and no columns', '[]', {}, /no columns are known/],
  ['other types', '[{"a":"x"}]', { columns: [{ a: 'Int64' }] }, /line 1, column "a"/],
  ['other bytes', Buffer.from([0xff, 0xfe]), {}, /no text in UTF-8/],
])('an answer that is %s is an error that says so', async (_, answer, config, message) => {
  server.answerWith((response) => void response.end(answer));
  await expect(rowsOf({ format: 'json', ...config })).rejects.toMatchObject({
    code: 'HTTP_ANSWER_INVALID',
    message: expect.stringMatching(message) as string,
    hint: expect.any(String) as string,
  });
});

test.each([
  ['large', (response) => void response.end('x'.repeat(3 * 1024 * 1024))],
  [
    'small and packed, and large unpacked',
    (response) =>
      void response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(64 * 1024 * 1024))),
  ],
] as [string, Parameters<HttpServer['answerWith']>[0]][])(
  'an answer that is %s is not taken',
  async (_, answer) => {
    server.answerWith(answer);
    await expect(rowsOf({ format: 'csv', response_limit: '2MiB' })).rejects.toMatchObject({
      code: 'HTTP_ANSWER_TOO_LARGE',
      isRetryable: false,
    });
  },
);

test('headers without end are not taken', async () => {
  server.answerWith((response) =>
    response.socket!.write(`HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(100_000)}\r\n\r\n`),
  );
  await expect(sendLight({})).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
});

test.each(['json', 'csv'])('a disk that is full is no fault of the server: %s', async (format) => {
  server.answerWith((response) => void response.end(format === 'json' ? '[{"id":1}]' : 'id\n1\n'));
  const context = contextOf({ format });
  const answer = `${context.outputPath}.answer`;
  await symlink('/dev/full', answer);
  await expect(RUNNERS['http']!(context)).rejects.toMatchObject({
    code: 'DATASET_STORE_UNAVAILABLE',
    message: expect.stringContaining('the disk is full'),
  });
  expect(await readdir(folder)).not.toContain(basename(answer));
});
