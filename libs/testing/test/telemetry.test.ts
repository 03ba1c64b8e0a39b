import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import {
  emitSpan,
  emitSpansNow,
  formatTraceparent,
  newSpanId,
  newTraceId,
  span,
  startTelemetry,
} from '@floe/telemetry';
import type { FinishedSpan, Telemetry } from '@floe/telemetry';
import { startOtlpReceiver } from '../src/index.ts';
import type { OtlpReceiver, ReceivedSpan } from '../src/index.ts';

const WITHIN_MS = 10_000;
const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;

let receiver: OtlpReceiver;
const running: Telemetry[] = [];

beforeEach(async () => {
  receiver = await startOtlpReceiver();
});

afterEach(async () => {
  for (const telemetry of running.splice(0)) await telemetry.stop();
  await receiver.stop();
});

function environment(protocol: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? receiver.grpcUrl : receiver.httpUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  };
}

async function start(serviceName: string, protocol: string = 'http/protobuf'): Promise<Telemetry> {
  const identity = { serviceName, instanceId: 'instance-1', version: '0.1.0' };
  const telemetry = await startTelemetry({ ...identity, environment: environment(protocol) });
  running.push(telemetry);
  return telemetry;
}

function finished(overrides: Partial<FinishedSpan> = {}): FinishedSpan {
  return {
    name: 'run late-flights',
    kind: 'internal',
    traceId: newTraceId(),
    spanId: newSpanId(),
    traceFlags: 1,
    startMs: 1_790_000_000_000.25,
    endMs: 1_790_000_060_000,
    ...overrides,
  };
}

function named(name: string): ReceivedSpan {
  const found = receiver.spans().find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
}

test.each(PROTOCOLS)(
  'a span and its child arrive by %s with all that they carry',
  async (protocol) => {
    const telemetry = await start('floe-scheduler', protocol);
    const linked = formatTraceparent({ traceId: newTraceId(), spanId: newSpanId(), traceFlags: 1 });
    const attributes = {
      text: 'Ærø',
      rows: 12,
      ratio: 0.5,
      big: 9_007_199_254_740_991,
      negative: -3,
      yes: true,
      names: ['a', 'b'],
      none: undefined,
    };
    await span('outer', { kind: 'server', attributes, links: [linked] }, async (open) => {
      open.addEvent('state changed', { to: 'running' });
      await span('inner', {}, (inner) => inner.setAttributes({ bytes: 7 }));
    });
    await telemetry.flush();
    const [outer, inner] = [named('outer'), named('inner')];
    expect(outer).toMatchObject({
      service: 'floe-scheduler',
      kind: 'server',
      parentSpanId: undefined,
    });
    expect(outer.resource).toMatchObject({
      'service.namespace': 'floe',
      'service.instance.id': 'instance-1',
      'service.version': '0.1.0',
    });
    const { none: _, ...present } = attributes;
    expect(outer.attributes).toEqual(present);
    expect(outer.events).toMatchObject([{ name: 'state changed', attributes: { to: 'running' } }]);
    expect(linked).toContain(outer.links[0]?.spanId);
    expect(inner).toMatchObject({
      traceId: outer.traceId,
      parentSpanId: outer.spanId,
      attributes: { bytes: 7 },
    });
    expect(inner.startMs).toBeGreaterThanOrEqual(outer.startMs);
    expect(receiver.orphans()).toEqual([]);
  },
);

test('what a body throws marks its span failed, keeps the exception, and is thrown on', async () => {
  const telemetry = await start('floe-scheduler');
  const error = new FloeError('QUERY_FAILED', 'no such column');
  const failed = span('failing', {}, () => {
    throw error;
  });
  await expect(failed).rejects.toBe(error);
  await telemetry.flush();
  expect(named('failing')).toMatchObject({
    status: { code: 'error', message: 'no such column' },
    attributes: { 'error.type': 'QUERY_FAILED' },
    events: [{ name: 'exception', attributes: { 'exception.type': 'QUERY_FAILED' } }],
  });
});

test.each(PROTOCOLS)(
  'a span with ids chosen beforehand arrives by %s as it is',
  async (protocol) => {
    await start('floe-scheduler', protocol);
    const run = finished({
      attributes: { 'floe.run.id': 'r1' },
      events: [{ name: 'running', atMs: 1_790_000_001_000, attributes: { attempt: 1 } }],
      status: { code: 'error', message: 'task failed' },
    });
    const previous = { traceId: run.traceId, spanId: newSpanId() };
    const task = finished({
      name: 'task flights',
      traceId: run.traceId,
      parentSpanId: run.spanId,
      links: [previous],
    });
    await emitSpansNow([task, run]);
    expect(receiver.spans()).toHaveLength(2);
    expect(named('run late-flights')).toMatchObject({
      traceId: run.traceId,
      spanId: run.spanId,
      parentSpanId: undefined,
      startMs: run.startMs,
      endMs: run.endMs,
      attributes: { 'floe.run.id': 'r1' },
      events: [{ name: 'running', timeMs: 1_790_000_001_000, attributes: { attempt: 1 } }],
      status: { code: 'error', message: 'task failed' },
    });
    expect(named('task flights')).toMatchObject({ parentSpanId: run.spanId, links: [previous] });
    expect(receiver.orphans()).toEqual([]);
  },
);

test('one trace goes through two services of one process and a second process', async () => {
  const scheduler = await start('floe-scheduler');
  const executor = await start('floe-executor', 'grpc');
  const root = await scheduler.within(() =>
    span('in the scheduler', {}, (outer) =>
      executor.within(() =>
        span('in the executor', { kind: 'consumer', parent: outer.traceparent }, async (open) => {
          await runChild(open.traceparent);
          return outer.traceparent;
        }),
      ),
    ),
  );
  await scheduler.flush();
  await executor.flush();
  await receiver.waitFor((spans) => spans.length === 3, WITHIN_MS);
  const services = receiver.spans().map((one) => `${one.service}: ${one.name}`);
  expect(new Set(services)).toEqual(
    new Set([
      'floe-child: in the child',
      'floe-executor: in the executor',
      'floe-scheduler: in the scheduler',
    ]),
  );
  expect(receiver.spans().every((one) => root.includes(one.traceId))).toBe(true);
  expect(named('in the child').parentSpanId).toBe(named('in the executor').spanId);
  expect(receiver.orphans()).toEqual([]);
});

async function runChild(traceparent: string): Promise<void> {
  const script = join(import.meta.dirname, 'child-span.ts');
  const env = { ...process.env, ...environment('http/json') };
  await promisify(execFile)(process.execPath, [script, traceparent], { env, timeout: WITHIN_MS });
}

test('a queued span is sent without being asked for', async () => {
  await start('floe-scheduler');
  emitSpan(finished({ name: 'queued' }));
  await receiver.waitFor((spans) => spans.some((one) => one.name === 'queued'), WITHIN_MS);
});

test('an unsampled span is not sent', async () => {
  const telemetry = await start('floe-scheduler');
  emitSpan(finished({ traceFlags: 0 }));
  await emitSpansNow([finished({ traceFlags: 0 })]);
  await telemetry.flush();
  expect(receiver.spans()).toEqual([]);
});

test('a span whose parent has not arrived is an orphan', async () => {
  await start('floe-scheduler');
  await emitSpansNow([finished({ parentSpanId: newSpanId() })]);
  expect(receiver.orphans()).toHaveLength(1);
});
