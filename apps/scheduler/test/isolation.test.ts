// Hunts the neighbour that holds everybody up: a collector that never answers, a run that cannot be decided.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelRunRequest } from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import {
  SchedulerFixture,
  aWorkflow,
  exchange,
  startRequest,
  succeed,
  take,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;
let silentCollector: Server;
let exportCount = 0;

beforeAll(async () => {
  silentCollector = createServer((socket) => socket.on('error', () => undefined));
  silentCollector.on('connection', () => (exportCount += 1));
  silentCollector.listen(0, '127.0.0.1');
  await once(silentCollector, 'listening');
  const { port } = silentCollector.address() as { port: number };
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
  process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/json';
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
  await fixture.addWorkflow(aWorkflow('good', { only: [] }));
  await fixture.addWorkflow(aWorkflow('broken', { only: [] }));
});

afterAll(async () => {
  silentCollector.close();
  await fixture.stop();
});

async function start(workflow: string, by = scheduler): Promise<string> {
  return (await by.runs.startRun(startRequest(workflow))).run!.runId;
}

async function outboxKinds(runId: string): Promise<string[]> {
  const rows = await fixture.query<{ kind: string }>(
    'select kind from floe.outbox where run_id = $1',
    [runId],
  );
  return rows.map((row) => row.kind);
}

test('sends hints and events while the collector of traces does not answer', async () => {
  const first = await start('good');
  await succeed(scheduler, await take(scheduler, first));
  await eventually(() => exportCount > 0, { withinMs: 5_000 });
  const second = await start('good');
  await eventually(async () => (await outboxKinds(second)).length === 0, { withinMs: 2_000 });
  // Only the trace waits: it was not confirmed (O1).
  expect(await outboxKinds(first)).toEqual(['trace']);
});

test('decides the other runs of an exchange when one cannot be decided (G6)', async () => {
  const [broken, good] = [await start('broken'), await start('good')];
  await fixture.database.db
    .updateTable('workflow_version')
    .set({ document: '{}' })
    .where('workflow_name', '=', 'broken')
    .execute();
  // Another scheduler knows neither the runs nor their plans: it has to read both.
  const other = await fixture.startScheduler();
  const free = { slot: 0, light: 10 };
  const { leases } = await exchange(other, { free });
  expect(leases.map(({ runId }) => runId)).toContain(good);
  const cancel = other.runs.cancelRun(CancelRunRequest.create({ runId: broken }));
  await expect(cancel).rejects.toMatchObject({ code: 'INTERNAL' });
  // The broken run waits behind what comes after it, and is still there when the version is mended.
  const next = await start('good', other);
  expect((await take(other, next)).runId).toBe(next);
});
