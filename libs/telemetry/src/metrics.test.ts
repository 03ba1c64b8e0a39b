import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { countRefusal, startTelemetry } from './telemetry.ts';

const REFERENCE = new URL('../../../docs/reference/metrics.md', import.meta.url);

test('every metric is in the reference', async () => {
  const options = { serviceName: 'test', instanceId: randomUUID(), version: '1' };
  await using telemetry = await startTelemetry(options);
  countRefusal({ surface: 'rpc', place: 'x', reason: 'UNREAD' });
  const text = await telemetry.metrics.text();
  const names = [...text.matchAll(/^# TYPE (floe_\w+)/gm)].map(([, name]) => name!);
  expect(names).toEqual(['floe_refusals_total']);
  const reference = await readFile(REFERENCE, 'utf8');
  for (const name of names) expect(reference).toContain(`\`${name}\``);
});

test('what is counted belongs to the service in which it happens', async () => {
  const options = { serviceName: 'test', version: '1' };
  await using one = await startTelemetry({ ...options, instanceId: 'one' });
  await using other = await startTelemetry({ ...options, instanceId: 'other' });
  one.within(() => countRefusal({ surface: 'rpc', place: 'x', reason: 'UNREAD' }));
  expect(await one.metrics.text()).toContain('floe_refusals_total{');
  expect(await other.metrics.text()).not.toContain('floe_refusals_total{');
});
