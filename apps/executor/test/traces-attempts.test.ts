import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startOtlpReceiver } from '@floe/testing';
import type { OtlpReceiver, ReceivedSpan } from '@floe/testing';
import type { AttemptKey } from './attempt-scheduler.ts';
import { openFixture } from './executor-fixture.ts';
import type { Fixture, RunningExecutor } from './executor-fixture.ts';

const WITHIN_MS = 10_000;

let receiver: OtlpReceiver;
let fixture: Fixture;
let executor: RunningExecutor;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.httpUrl;
  fixture = await openFixture();
  executor = await fixture.startExecutor({ settings: { FLOE_HTTP_HOSTS: '127.0.0.1' } });
});

afterAll(async () => {
  await executor.stop();
  await fixture[Symbol.asyncDispose]();
  await receiver.stop();
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
});

async function consumerSpanOf(key: AttemptKey): Promise<ReceivedSpan> {
  const find = (spans: readonly ReceivedSpan[]) =>
    spans.find((span) => span.kind === 'consumer' && span.attributes['floe.run.id'] === key.runId);
  await receiver.waitFor((spans) => find(spans) !== undefined, WITHIN_MS);
  return find(receiver.spans())!;
}

function childrenOf(parent: ReceivedSpan): ReceivedSpan[] {
  return receiver.spans().filter((span) => span.parentSpanId === parent.spanId);
}

test('makes one consumer span below the attempt, above the worker', async () => {
  const key = fixture.scheduler.offer(fixture.bus, { type: 'noop' });
  const consumer = await consumerSpanOf(key);
  expect(consumer).toMatchObject({
    name: 'process floe.internal.dispatch',
    service: 'floe-executor',
    traceId: fixture.scheduler.attemptSpan.traceId,
    parentSpanId: fixture.scheduler.attemptSpan.spanId,
    status: { code: 'ok' },
    attributes: { 'floe.executor.id': executor.id, 'floe.rows': 0 },
  });
  await eventually(() => childrenOf(consumer).length > 0, { withinMs: WITHIN_MS });
  expect(childrenOf(consumer).map((span) => span.name)).toEqual(['run noop']);
});

test('exports the consumer span of an attempt whose worker was killed, and no orphan (T1, T2)', async () => {
  const key = fixture.scheduler.offer(fixture.bus, {
    type: 'sleep',
    configJson: '{"duration_ms":60000}',
  });
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, {
    withinMs: WITHIN_MS,
  });
  process.kill(Number((await executor.slots())[0]?.processId), 'SIGKILL');
  const consumer = await consumerSpanOf(key);
  expect(consumer.status).toMatchObject({ code: 'error' });
  expect(consumer.status.message).toContain('WORKER_CRASHED');
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, { withinMs: WITHIN_MS });
  const { spanId } = fixture.scheduler.attemptSpan;
  await receiver.waitFor(
    () => receiver.orphans().every((orphan) => orphan.parentSpanId === spanId),
    WITHIN_MS,
  );
  expect(childrenOf(consumer)).toEqual([]);
});

test.each(['slot', 'light'] as const)(
  'a request has a client span, which its server goes on from, in the lane %s',
  async (lane) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.traceparent as string | undefined);
      response.end('[{"n":1}]');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = {
      url: `http://127.0.0.1:${port}/rates?key=canary-0815`,
      ...(lane === 'slot' && { format: 'json' }),
    };
    const task = { type: 'http', configJson: JSON.stringify(config) };
    const key = fixture.scheduler.offer(fixture.bus, task, lane);
    const consumer = await consumerSpanOf(key);
    const find = (spans: readonly ReceivedSpan[]) =>
      spans.find(({ kind, traceId }) => kind === 'client' && traceId === consumer.traceId);
    const isOfServer = (span: ReceivedSpan) => span.attributes['server.port'] === port;
    await receiver.waitFor((spans) => find(spans.filter(isOfServer)) !== undefined, WITHIN_MS);
    const span = find(receiver.spans().filter(isOfServer))!;
    expect(span).toMatchObject({
      name: 'GET',
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'url.full': `http://127.0.0.1:${port}/rates`,
      },
    });
    expect(asked).toEqual([`00-${span.traceId}-${span.spanId}-01`]);
    expect(JSON.stringify(receiver.spans().map((each) => each.attributes))).not.toContain('canary');
    server.close();
  },
);

test('makes no spans for heartbeats', () => {
  const names = receiver.spans().map((span) => span.name);
  expect(fixture.scheduler.renewals.length).toBeGreaterThan(0);
  expect(names.filter((name) => name.includes('RenewLeases'))).toEqual([]);
});
