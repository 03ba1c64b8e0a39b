import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { FloeError } from '@floe/errors';
import type { ServerCall } from '@floe/rpc';
import {
  ApplyWorkflowResponse,
  GetWorkflowResponse,
  ListRunsRequest,
  ListRunsResponse,
  RunState,
  SetConnectionResponse,
  StartRunResponse,
} from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture } from './gateway-fixture.ts';
import type { Behind, Fixture } from './gateway-fixture.ts';

type Received = { readonly request: unknown; readonly call: ServerCall };

const received: Received[] = [];
const last = () => received.at(-1);

const violation = {
  field: 'tasks.ranking.polars',
  message: 'no column delya',
  hint: 'did you mean delay?',
  place: { line: 4, column: 7, length: 5 },
};

const behind: Behind = {
  metadata: {
    applyWorkflow: async (request, call) => {
      received.push({ request, call });
      if (request.expectedVersion === 8) throw new FloeError('VERSION_CHANGED', 'it is 7');
      if (request.source === 'bad') {
        throw new FloeError('DOCUMENT_INVALID', 'the document is wrong', {
          violations: [violation],
        });
      }
      return ApplyWorkflowResponse.create({ version: { workflowName: 'etl', version: 1 } });
    },
    getWorkflow: async ({ name }) =>
      GetWorkflowResponse.create({ workflow: { name, latestVersion: 7 } }),
    setConnection: async (request, call) => {
      received.push({ request, call });
      return SetConnectionResponse.create({ connection: request.connection });
    },
    deleteWorkflow: async () => {
      throw new Error('password=hunter2');
    },
  },
  scheduler: {
    startRun: async (request, call) => {
      received.push({ request, call });
      return StartRunResponse.create({ run: { runId: 'r1', rowsLoaded: 0n } });
    },
    cancelRun: async ({ runId }) => {
      throw new FloeError('RUN_ALREADY_ENDED', `run ${runId} has ended`, { details: { runId } });
    },
  },
  reporting: {
    listRuns: async (request, call) => {
      received.push({ request, call });
      return ListRunsResponse.create({ runs: [{ runId: 'r1' }], nextPageToken: 'next' });
    },
    getRun: async ({ runId }) => {
      throw new FloeError('RUN_NOT_FOUND', `no run ${runId}`, { hint: 'List the runs.' });
    },
  },
};

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture(behind);
});

afterAll(() => fixture[Symbol.asyncDispose]());

test('a filter of the client arrives at the service as it was meant', async () => {
  const fromTime = '2026-01-31T06:00:00.000Z';
  const states = ['RUN_STATE_FAILED', 'RUN_STATE_SUCCEEDED'] as const;
  const page = await fixture.client.listRuns({
    states,
    fromTime,
    pageSize: 7,
    workflowName: 'a b',
  });
  expect(page.nextPageToken).toBe('next');
  expect(page.runs[0]).toMatchObject({
    runId: 'r1',
    rowsLoaded: '0',
    state: 'RUN_STATE_UNSPECIFIED',
  });
  expect(last()?.request).toEqual(
    ListRunsRequest.create({
      states: [RunState.FAILED, RunState.SUCCEEDED],
      fromTime: new Date(fromTime),
      pageSize: 7,
      workflowName: 'a b',
    }),
  );
});

test('a start always carries a request id', async () => {
  const body = JSON.stringify({ workflowName: 'etl' });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${fixture.url}/api/v1/runs`, { method: 'POST', body, headers });
  expect(response.status).toBe(200);
  expect(last()?.request).toMatchObject({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('a document can be sent as it is', async () => {
  const response = await fetch(`${fixture.url}/api/v1/workflows?validate_only=true`, {
    method: 'POST',
    body: 'name: etl\n',
    headers: { 'content-type': 'application/yaml' },
  });
  expect(await response.json()).toMatchObject({ version: { workflowName: 'etl' }, warnings: [] });
  expect(last()?.request).toEqual({ source: 'name: etl\n', validateOnly: true });
});

test('a connection is the body and its name is in the path', async () => {
  const connection = { name: 'warehouse', host: 'db', port: 5432, database: 'x', username: 'u' };
  expect(await fixture.client.setConnection(connection)).toMatchObject(connection);
  expect(last()?.request).toMatchObject({ connection });
});

test('an error of a service comes through with place and mend', async () => {
  const applied = fixture.client.applyWorkflow('bad');
  await expect(applied).rejects.toMatchObject({
    code: 'DOCUMENT_INVALID',
    violations: [violation],
  });
});

test('an error is a problem document with the status of its category', async () => {
  const notFound = await fetch(`${fixture.url}/api/v1/runs/r9`);
  expect(notFound.status).toBe(404);
  expect(notFound.headers.get('content-type')).toContain('application/problem+json');
  expect(await notFound.json()).toMatchObject({
    code: 'RUN_NOT_FOUND',
    hint: 'List the runs.',
    instance: '/api/v1/runs/r9',
  });
  const ended = await fetch(`${fixture.url}/api/v1/runs/r9:cancel`, { method: 'POST' });
  expect(ended.status).toBe(409);
  expect(await ended.json()).toMatchObject({ code: 'RUN_ALREADY_ENDED', details: { runId: 'r9' } });
});

test('a method that a service does not have yet is 501', async () => {
  const response = await fetch(`${fixture.url}/api/v1/runs/r1:pause`, { method: 'POST' });
  expect(response.status).toBe(501);
});

test('a bug of a service shows an id and nothing else', async () => {
  const response = await fetch(`${fixture.url}/api/v1/workflows/etl`, { method: 'DELETE' });
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('hunter2');
  expect(JSON.parse(text)).toMatchObject({ details: { errorId: expect.any(String) } });
});

test('a request joins the trace of its caller', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  const response = await fetch(`${fixture.url}/api/v1/runs`, { headers });
  expect(response.headers.get('x-trace-id')).toBe(traceId);
  expect(last()?.call.traceparent).toContain(traceId);
});

test('an unknown path names the nearest, an unknown method the right ones', async () => {
  const near = await fetch(`${fixture.url}/api/v1/run`);
  expect(near.status).toBe(404);
  expect(await near.json()).toMatchObject({
    code: 'ROUTE_NOT_FOUND',
    hint: expect.stringContaining('/api/v1/runs'),
  });
  const patched = await fetch(`${fixture.url}/api/v1/runs`, { method: 'PATCH' });
  expect(patched.status).toBe(405);
  expect(patched.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  expect(await patched.json()).toMatchObject({ details: { methods: 'POST,GET,HEAD,OPTIONS' } });
});

test.each([
  ['text', 'text/plain', 'x', 415],
  ['JSON that breaks off', 'application/json', '{"a":', 400],
  ['JSON that wants to change prototypes', 'application/json', '{"__proto__": {"x": 1}}', 400],
  ['more than 1 MiB', 'application/json', JSON.stringify({ source: 'x'.repeat(1024 * 1024) }), 413],
])('a body of %s is refused', async (_, type, body, status) => {
  const headers = { 'content-type': type };
  const response = await fetch(`${fixture.url}/api/v1/workflows`, {
    method: 'POST',
    body,
    headers,
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ status, code: expect.any(String) });
});

test('a page of another site may not start a run, and a foreign host name gets nothing', async () => {
  const foreign = await fetch(`${fixture.url}/api/v1/runs`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
  });
  expect(foreign.status).toBe(403);
  expect(await statusWithHost(fixture.url, 'evil.example')).toBe(403);
  expect(await statusWithHost(fixture.url, 'localhost')).toBe(200);
});

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}/healthz`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
    sent.end();
  });
}

test('answers carry the security headers', async () => {
  const { headers } = await fetch(`${fixture.url}/healthz`);
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('tells where the services are and serves its own description', async () => {
  const system = await fixture.client.getSystem();
  expect(Object.keys(system.services)).toEqual(['metadata', 'scheduler', 'reporting']);
  const response = await fetch(`${fixture.url}/api/openapi.json`);
  expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
});

test('a read has an ETag, and whoever has the same gets no body', async () => {
  const url = `${fixture.url}/api/v1/workflows/etl`;
  const first = await fetch(url);
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"7\.[\w-]{22}"$/);
  const again = await fetch(url, { headers: { 'if-none-match': `"other", W/${etag}` } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const other = await fetch(url, { headers: { 'if-none-match': '"other"' } });
  expect(other.status).toBe(200);
});

test('If-Match names the version that a change expects', async () => {
  const apply = (etag: string) =>
    fetch(`${fixture.url}/api/v1/workflows`, {
      method: 'POST',
      body: 'name: etl\n',
      headers: { 'content-type': 'application/yaml', 'if-match': etag },
    });
  expect((await apply('"7.abc-DEF_0123456789abcd"')).status).toBe(200);
  expect(last()?.request).toMatchObject({ expectedVersion: 7 });
  expect((await apply('"8"')).status).toBe(412);
  expect((await apply('7')).status).toBe(400);
});

test('a long answer is packed, a stream and a short one are not', async () => {
  const encodings = ['br', 'gzip', 'identity'];
  const answered = encodings.map(async (encoding) => {
    const headers = { 'accept-encoding': encoding };
    const { headers: got } = await fetch(`${fixture.url}/api/openapi.json`, { headers });
    // Other bytes than those of the strong tag are as good for a reader, and say so.
    expect(got.get('etag')).toMatch(encoding === 'identity' ? /^"[\w-]+"$/ : /^W\/"[\w-]+"$/);
    return got.get('content-encoding') ?? 'identity';
  });
  expect(await Promise.all(answered)).toEqual(encodings);
  const short = await fetch(`${fixture.url}/healthz`, { headers: { 'accept-encoding': 'br' } });
  expect(short.headers.get('content-encoding')).toBeNull();
});

test('a packed body is refused, whatever is in it', async () => {
  const response = await fetch(`${fixture.url}/api/v1/runs`, {
    method: 'POST',
    body: gzipSync(Buffer.alloc(1024 * 1024)),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { code: 'ARGUMENT_INVALID' },
  ]);
});

test('HEAD says what GET would, OPTIONS what there is, and a stream has no HEAD', async () => {
  const head = await fetch(`${fixture.url}/api/v1/runs`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(head.headers.get('etag')).toMatch(/^"/);
  const options = await fetch(`${fixture.url}/api/v1/runs`, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
  const events = await fetch(`${fixture.url}/api/v1/runs/r1/events`, { method: 'HEAD' });
  expect([events.status, events.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
});
