import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createFloeClient } from '../src/index.ts';

type Sent = { readonly url: string; readonly init: RequestInit };

function clientOf(response: () => Response, baseUrl = 'http://127.0.0.1:7400') {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return response();
  };
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  return { client: createFloeClient({ baseUrl, fetch, traceparent }), sent };
}

const json =
  (value: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(value), { status });

test('names are escaped in paths, options are snake case in queries', async () => {
  const { client, sent } = clientOf(json({ versions: [], nextPageToken: '' }));
  await client.listWorkflowVersions('a/b ?', { pageSize: 5, pageToken: 'x=' });
  expect(sent[0]?.url).toBe(
    'http://127.0.0.1:7400/api/v1/workflows/a%2Fb%20%3F/versions?page_size=5&page_token=x%3D',
  );
});

test('lists are repeated and what is undefined is left out', async () => {
  const { client, sent } = clientOf(json({ runs: [], nextPageToken: '' }));
  await client.listRuns({ states: ['RUN_STATE_FAILED', 'RUN_STATE_QUEUED'] });
  expect(sent[0]?.url.split('?')[1]).toBe('states=RUN_STATE_FAILED&states=RUN_STATE_QUEUED');
});

test('keeps the path of an address behind a proxy', async () => {
  const { client, sent } = clientOf(json({ run: {} }), 'https://example.test/floe/');
  await client.getRun('r1');
  expect(sent[0]?.url).toBe('https://example.test/floe/api/v1/runs/r1');
});

test('carries the trace of the caller', async () => {
  const { client, sent } = clientOf(json({ run: {} }));
  await client.getRun('r1');
  expect(new Headers(sent[0]?.init.headers).get('traceparent')).toContain('0af7651916cd43dd');
});

test('every start has a request id', async () => {
  const { client, sent } = clientOf(json({ run: {}, alreadyStarted: false }));
  await client.startRun({ workflowName: 'etl' });
  const body = JSON.parse(sent[0]?.init.body as string) as unknown;
  expect(body).toEqual({
    workflowName: 'etl',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("an answer that is not Floe's says so with its status", async () => {
  const { client } = clientOf(() => new Response('<html>Bad gateway', { status: 502 }));
  await expect(client.getOverview()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    details: { status: '502' },
  });
});

test.each(['', '127.0.0.1:7400', 'ftp://x'])("'%s' is no address", (baseUrl) => {
  expect(() => createFloeClient({ baseUrl })).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
  );
});

test.each([
  ['https', 'it does not speak TLS', 'http://'],
  ['http', 'no Floe answers', 'https://'],
] as const)(
  'says of %s to a server of another kind what its address may be',
  async (scheme, why, mend) => {
    // It answers whatever it is told by words of its own, and hangs up.
    const server = createServer(
      (socket) =>
        void socket.on('data', () =>
          socket.end(scheme === 'https' ? 'HTTP/1.1 400 Bad Request\r\n\r\n' : ''),
        ),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const client = createFloeClient({ baseUrl: `${scheme}://127.0.0.1:${port}` });
    const failing = client.getRun('r1');
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining(why),
      hint: expect.stringContaining(mend),
    });
    server.close();
  },
);
