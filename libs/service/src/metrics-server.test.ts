import { randomUUID } from 'node:crypto';
import { countRefusal, startTelemetry } from '@floe/telemetry';
import { expect, test } from 'vitest';
import { startMetricsServer } from './metrics-server.ts';

test('Prometheus reads what was counted, and nothing else is there', async () => {
  const instanceId = randomUUID();
  await using _telemetry = startTelemetry({ serviceName: 'test', instanceId, version: '1' });
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

test('a port that is taken is named with the setting', async () => {
  await using server = await startMetricsServer('127.0.0.1:0');
  await expect(startMetricsServer(server.address)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    details: { variable: 'FLOE_METRICS_LISTEN', address: server.address },
  });
});
