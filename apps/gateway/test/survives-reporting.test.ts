// The bug it hunts: a watcher that loses or repeats events when the service behind the gateway is killed under it.
import { randomBytes } from 'node:crypto';
import { createFloeClient } from '@floe/client';
import { migrate, openControlDatabase } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { freePort, startTestNats, startTestPostgres } from '@floe/testing';
import { expect, test, vi } from 'vitest';
import { startGateway } from '../src/service.ts';
import { startReportingProcess } from './reporting-process.ts';

/** Three servers and two processes are started: seconds on a free machine, many on a busy one. */
vi.setConfig({ testTimeout: 120_000 });

const RUN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const log = createLogger('test', { level: 'silent' });

async function storeRun(db: ControlDatabase['db']): Promise<void> {
  const now = new Date();
  await db
    .insertInto('run')
    .values({
      run_id: RUN_ID,
      workflow_name: 'etl',
      workflow_version: 1,
      state: 'running',
      trigger: 'manual',
      parameters: '{}',
      created_at: now,
      deadline_at: new Date(now.getTime() + 3_600_000),
      trace_id: randomBytes(16).toString('hex'),
      span_id: randomBytes(8).toString('hex'),
      trace_flags: 1,
    })
    .execute();
}

async function appendEvent(
  db: ControlDatabase['db'],
  event: { readonly sequence: number; readonly state: string },
): Promise<void> {
  const { sequence, state } = event;
  await db.transaction().execute(async (tx) => {
    const change = { event_sequence: sequence, state };
    await tx.updateTable('run').set(change).where('run_id', '=', RUN_ID).execute();
    const said = { run: { runId: RUN_ID, sequence: String(sequence) } };
    const events = JSON.stringify([{ type: `run.${state}`, said }]);
    const numbers = { first_sequence: sequence, last_sequence: sequence };
    await tx
      .insertInto('run_event_batch')
      .values({ run_id: RUN_ID, ...numbers, occurred_at: new Date(), before: '{}', events })
      .execute();
  });
}

test('a watch goes on without a gap when reporting is killed and comes back', async () => {
  await using postgres = await startTestPostgres();
  await using nats = await startTestNats();
  const url = await postgres.createDatabase('gateway_watch');
  await migrate(url);
  const database = openControlDatabase({
    url,
    role: 'floe_scheduler',
    applicationName: 'test-scheduler',
    connectionsMax: 2,
  });
  await using owned = new AsyncDisposableStack();
  owned.defer(() => database.close());
  const address = `127.0.0.1:${await freePort()}`;
  const environment = {
    FLOE_DATABASE_URL: url,
    FLOE_NATS_URL: nats.url,
    FLOE_REPORTING_LISTEN: address,
    FLOE_GATEWAY_LISTEN: '127.0.0.1:0',
    FLOE_LOG_LEVEL: 'silent',
  };
  const first = await startReportingProcess(environment);
  const gateway = await startGateway(readEnvironment(environment), { log });
  owned.defer(() => gateway.stop());
  const client = createFloeClient({ baseUrl: `http://${gateway.addresses['http']}` });
  await storeRun(database.db);
  await appendEvent(database.db, { sequence: 1, state: 'running' });

  const seen: string[] = [];
  let reconnects = 0;
  const onReconnect = () => void (reconnects += 1);
  for await (const update of client.watchRun(RUN_ID, { onReconnect })) {
    if (update.kind !== 'event') continue;
    seen.push(`${update.sequence} ${update.event.type}`);
    if (update.sequence !== '1') continue;
    await first.kill();
    await appendEvent(database.db, { sequence: 2, state: 'running' });
    owned.use(await startReportingProcess(environment));
    await appendEvent(database.db, { sequence: 3, state: 'succeeded' });
  }
  expect(seen).toEqual(['1 run.running', '2 run.running', '3 run.succeeded']);
  expect(reconnects).toBeGreaterThan(0);
  expect(await client.getRun(RUN_ID)).toMatchObject({
    state: 'RUN_STATE_SUCCEEDED',
    sequence: '3',
  });
  await expect(client.getRun('nonsense')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});
