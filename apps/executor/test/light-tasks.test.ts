import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '@floe/testing';
import type { LogLine } from '@floe/bus';
import type { AttemptKey } from './attempt-scheduler.ts';
import { openFixture } from './executor-fixture.ts';
import type { Fixture, RunningExecutor } from './executor-fixture.ts';

const WITHIN = { withinMs: 10_000 };
const LIGHT = 64;

let fixture: Fixture;
let executor: RunningExecutor;

beforeAll(async () => {
  fixture = await openFixture();
  executor = await fixture.startExecutor({
    light: LIGHT,
    labels: 'gpu,big-memory',
    settings: { FLOE_HTTP_HOSTS: '127.0.0.1' },
  });
});

afterAll(async () => {
  await executor.stop();
  await fixture[Symbol.asyncDispose]();
});

function aSleep(durationMs: number) {
  return { type: 'sleep', configJson: JSON.stringify({ duration_ms: durationMs }) };
}

async function outcomeOf(key: AttemptKey) {
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  return fixture.scheduler.finishOf(key)?.outcome;
}

async function untilBusy(count: number): Promise<void> {
  await eventually(
    async () => (await executor.client.getStatus({})).busyLightSlots === count,
    WITHIN,
  );
}

async function logOf(key: AttemptKey): Promise<string[]> {
  const lines: LogLine[] = [];
  for await (const batch of fixture.bus.readLogs({ runId: key.runId, follow: false })) {
    lines.push(...batch.lines);
  }
  return lines.map((line) => line.message);
}

test('runs as many light tasks at once as it says, beside its slots, and takes no worker for them', async () => {
  const { scheduler, bus } = fixture;
  const pid = (await executor.slots())[0]?.processId;
  scheduler.offerMany(LIGHT + 10, aSleep(700), 'light');
  const startedMs = performance.now();
  const key = scheduler.offer(bus, aSleep(0), 'light');
  await untilBusy(LIGHT);
  expect(await executor.client.getStatus({})).toMatchObject({
    lightSlots: LIGHT,
    busyLightSlots: LIGHT,
    labels: ['gpu', 'big-memory'],
    executor: { busySlots: 0 },
  });
  expect(await outcomeOf(key)).toMatchObject({ $case: 'succeeded' });
  // Two rounds of 700 ms, where one after the other would take 52 s.
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  await untilBusy(0);
  expect((await executor.slots())[0]?.processId).toBe(pid);
});

test('offers its labels with every exchange', () => {
  expect(fixture.scheduler.exchanges.at(-1)?.labels).toEqual(['gpu', 'big-memory']);
});

test('tells the ends of many together', async () => {
  const { scheduler, bus } = fixture;
  const before = scheduler.exchanges.length;
  const keys = scheduler.offerMany(500, { type: 'noop' }, 'light');
  const last = scheduler.offer(bus, { type: 'noop' }, 'light');
  await outcomeOf(last);
  for (const key of keys) expect(scheduler.finishOf(key)).toBeDefined();
  // 501 tasks through 64 places are 8 rounds; the rest is room for hints and lookups.
  expect(scheduler.exchanges.length - before).toBeLessThan(16);
});

test('cancels within 2 s of a stop hint', async () => {
  const key = fixture.scheduler.offer(fixture.bus, aSleep(60_000), 'light');
  await untilBusy(1);
  const startedMs = performance.now();
  fixture.bus.publishStop(executor.id, key);
  expect(await outcomeOf(key)).toMatchObject({ value: { cancelled: true, lost: false } });
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  await untilBusy(0);
});

test('ends at its timeout, and says so in its log', async () => {
  const task = { ...aSleep(60_000), timeoutMs: 200n };
  const key = fixture.scheduler.offer(fixture.bus, task, 'light');
  expect(await outcomeOf(key)).toMatchObject({
    value: { timedOut: true, failure: { code: 'ATTEMPT_TIMEOUT' } },
  });
  await eventually(async () => (await logOf(key)).length === 1, WITHIN);
  expect((await logOf(key))[0]).toMatch(/^failed after \d+ ms: ATTEMPT_TIMEOUT: /);
});

test('writes no log for a task that only did what it does', async () => {
  const key = fixture.scheduler.offer(fixture.bus, { type: 'noop' }, 'light');
  await outcomeOf(key);
  const late = fixture.scheduler.offer(fixture.bus, { type: 'none' }, 'light');
  await outcomeOf(late);
  await eventually(async () => (await logOf(late)).length === 1, WITHIN);
  expect(await logOf(key)).toEqual([]);
});

test('fails a type that it does not know in words', async () => {
  const key = fixture.scheduler.offer(fixture.bus, { type: 'slep' }, 'light');
  expect(await outcomeOf(key)).toMatchObject({
    value: { failure: { code: 'NOT_IMPLEMENTED', hint: 'did you mean "sleep"?' } },
  });
});

function anItem(index: number, value: string) {
  return { index, valueJson: JSON.stringify({ kind: 'string', value }) };
}

test('goes through the items of an attempt, and stops among them when it is cancelled', async () => {
  const items = Array.from({ length: 1_000 }, (_, index) => anItem(index, `item ${index}`));
  const all = fixture.scheduler.offer(fixture.bus, { type: 'noop', items }, 'light');
  expect(await outcomeOf(all)).toMatchObject({ $case: 'succeeded', value: { failedItems: [] } });
  const slow = fixture.scheduler.offer(fixture.bus, { ...aSleep(500), items }, 'light');
  await untilBusy(1);
  fixture.bus.publishStop(executor.id, slow);
  expect(await outcomeOf(slow)).toMatchObject({ value: { cancelled: true } });
});

type Api = AsyncDisposable & { readonly asked: IncomingHttpHeaders[] };

/** An HTTP API to which all connections lead; it refuses `/no` and never answers `/silent`. */
async function startApi(): Promise<Api> {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    if (request.url === '/v1/silent') return;
    response.writeHead(request.url === '/v1/no' ? 400 : 200, {
      'content-type': 'application/json',
    });
    response.end(`[{"who":"${request.headers.authorization}","n":1}]`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  fixture.scheduler.api = { baseUrl: `http://127.0.0.1:${port}/v1`, secret: 'canary-0815' };
  return {
    asked,
    async [Symbol.asyncDispose]() {
      fixture.scheduler.api = undefined;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function aRequest(fields: Record<string, unknown>) {
  return { type: 'http', configJson: JSON.stringify({ connection: 'api', ...fields }) };
}

test('sends the requests of items with the secret, and each with a key of its own', async () => {
  await using api = await startApi();
  const task = {
    ...aRequest({ url: '/x', method: 'POST' }),
    items: [anItem(0, 'a'), anItem(1, 'b')],
  };
  const key = fixture.scheduler.offer(fixture.bus, task, 'light');
  expect(await outcomeOf(key)).toMatchObject({ $case: 'succeeded', value: { failedItems: [] } });
  expect(api.asked.map(({ authorization }) => authorization)).toEqual(
    Array(2).fill('Bearer canary-0815'),
  );
  const keys = api.asked.map((headers) => headers['idempotency-key']);
  expect(keys).toEqual([`${key.runId}/${key.taskId}[0]`, `${key.runId}/${key.taskId}[1]`]);
});

test('tells what a server says of an error without the secret', async () => {
  await using _api = await startApi();
  const key = fixture.scheduler.offer(fixture.bus, aRequest({ url: '/no' }), 'light');
  const outcome = await outcomeOf(key);
  expect(outcome).toMatchObject({ value: { failure: { code: 'HTTP_REFUSED' } } });
  await eventually(async () => (await logOf(key)).length > 0, WITHIN);
  expect(JSON.stringify([outcome, await logOf(key)])).not.toContain('canary-0815');
});

test('cancels a request that waits', async () => {
  await using api = await startApi();
  const key = fixture.scheduler.offer(fixture.bus, aRequest({ url: '/silent' }), 'light');
  await eventually(() => api.asked.length === 1, WITHIN);
  fixture.bus.publishStop(executor.id, key);
  expect(await outcomeOf(key)).toMatchObject({ value: { cancelled: true, lost: false } });
});

test('makes rows of an answer in a worker', async () => {
  await using _api = await startApi();
  const key = fixture.scheduler.offer(fixture.bus, aRequest({ url: '/x', format: 'json' }));
  expect(await outcomeOf(key)).toMatchObject({
    $case: 'succeeded',
    value: { rows: 1n, datasetJson: expect.stringContaining('"name":"who"') as string },
  });
});
