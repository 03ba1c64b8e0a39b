import { expect, test } from 'vitest';
import { currentTraceparent, withTraceparent } from './current-context.ts';
import { emitSpansNow } from './finished-span.ts';
import { openSpan, span } from './span.ts';
import { startTelemetry } from './telemetry.ts';
import { newSpanId, newTraceId, parseTraceparent } from './trace-context.ts';

const identity = { serviceName: 'floe-test', instanceId: 'test', version: '0' };
const finished = {
  name: 'run',
  kind: 'internal',
  traceId: newTraceId(),
  spanId: newSpanId(),
  traceFlags: 1,
  startMs: 1,
  endMs: 2,
} as const;

test('without an exporter a trace is still made and passed on', async () => {
  await using telemetry = await startTelemetry({ ...identity, environment: {} });
  const [outer, inner] = await telemetry.within(() =>
    span('outer', {}, async (open) => [
      open.traceparent,
      await span('inner', {}, currentTraceparent),
    ]),
  );
  expect(telemetry.isExporting).toBe(false);
  expect(parseTraceparent(inner)?.traceId).toBe(parseTraceparent(outer)?.traceId);
  expect(inner).not.toBe(outer);
  expect(currentTraceparent()).toBeUndefined();
});

test('a remote parent goes on, with its flags', async () => {
  const parent = `00-${newTraceId()}-${newSpanId()}-00`;
  const traceparent = await withTraceparent(parent, () => span('child', {}, currentTraceparent));
  expect(parseTraceparent(traceparent)).toMatchObject({
    traceId: parseTraceparent(parent)?.traceId,
    traceFlags: 0,
  });
});

test('a span with no parent, or a malformed one, begins a trace even inside another', async () => {
  await span('outer', {}, (outer) => {
    for (const parent of [null, 'malformed']) {
      const root = openSpan('root', { parent });
      expect(parseTraceparent(root.traceparent)?.traceId).not.toBe(
        parseTraceparent(outer.traceparent)?.traceId,
      );
      root.end();
    }
  });
});

test('spans at the same time keep their own context', async () => {
  const run = () =>
    span('one', {}, async (open) => {
      await new Promise((resolve) => setImmediate(resolve));
      return open.traceparent === currentTraceparent();
    });
  expect(await Promise.all(Array.from({ length: 20 }, run))).not.toContain(false);
});

test('finished spans need no collector when none is configured', async () => {
  await using telemetry = await startTelemetry({ ...identity, environment: {} });
  await telemetry.within(() => emitSpansNow([finished]));
});

test('a collector that is down rejects what must be accepted, is reported once, and stops nobody', async () => {
  const problems: string[] = [];
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_BSP_SCHEDULE_DELAY: '1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '200',
  };
  const telemetry = await startTelemetry({
    ...identity,
    environment,
    onProblem: (error) => problems.push(error.code),
  });
  await telemetry.within(async () => {
    await expect(emitSpansNow([finished])).rejects.toMatchObject({ code: 'TELEMETRY_UNAVAILABLE' });
    for (let sent = 0; sent < 3; sent += 1) {
      await span('lost', {}, () => undefined);
      await telemetry.flush();
    }
  });
  await telemetry.stop();
  expect(problems).toEqual(['TELEMETRY_UNAVAILABLE']);
});
