import { randomUUID } from 'node:crypto';
import { countRefusal, startTelemetry } from '@floe/telemetry';
import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { startMetricsServer } from './metrics-server.ts';

test('Prometheus reads what was counted, and nothing else is there', async () => {
  const instanceId = randomUUID();
  await using _telemetry = await startTelemetry({ serviceName: 'test', instanceId, version: '1' });
  await using server = await startMetricsServer('127.0.0.1:0');
  countRefusal({ surface: 'bus', place: 'hints', reason: 'MALFORMED' }, 2);
  countRefusal({ surface: 'bus', place: 'hints', reason: 'MALFORMED' }, 0);
  const at = (path: string, method = 'GET') => fetch(`http://${server.address}${path}`, { method });
  const answer = await at('/metrics');
  expect(answer.headers.get('content-type')).toContain('version=0.0.4');
  const text = await answer.text();
  expect(text).toMatch(
    /^floe_refusals_total\{surface="bus",place="hints",reason="MALFORMED".*\} 2$/m,
  );
  expect(text).toContain(`service_instance_id="${instanceId}"`);
  expect((await at('/')).status).toBe(404);
  expect((await at('/metrics', 'POST')).status).toBe(404);
});

test('tells a service that is alive from one that is ready', async () => {
  const notReady = Promise.reject(new FloeError('SERVICE_UNAVAILABLE', 'not ready: NATS'));
  notReady.catch(() => undefined);
  await using server = await startMetricsServer('127.0.0.1:0', () => notReady);
  const at = (path: string) => fetch(`http://${server.address}${path}`);
  expect((await at('/healthz')).status).toBe(200);
  const readiness = await at('/readyz');
  expect(readiness.status).toBe(503);
  expect(await readiness.text()).toBe('not ready: NATS\n');
});

test('a port that is taken is named with the setting', async () => {
  await using server = await startMetricsServer('127.0.0.1:0');
  await expect(startMetricsServer(server.address)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    details: { variable: 'FLOE_METRICS_LISTEN', address: server.address },
  });
});
