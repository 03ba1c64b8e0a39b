/**
 * Reporting over a second PostgreSQL that follows the first by streaming replication. The bug it hunts: a watcher that is
 * woken before the replica has what woke it, and is then told too little, too late, or something twice.
 */
import { randomUUID } from 'node:crypto';
import { connectBus } from '@floe/bus';
import { migrate, openControlDatabase, openTarget, type ControlDatabase } from '@floe/database';
import { createRpcClient, type RpcClient } from '@floe/rpc';
import { GetOverviewRequest, ListRunsRequest, ReportingService } from '@floe/rpc/contracts';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { eventually, startTestNats, startTestPostgres, startTestReplica } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReporting } from '../src/service.ts';
import { appendEvent, storeRun } from './stored-run.ts';

const WITHIN = { withinMs: 15_000 };
const log = createLogger('test', { level: 'silent' });
const owned = new AsyncDisposableStack();
let scheduler: ControlDatabase;
let client: RpcClient<typeof ReportingService>;
let wake: (runId: string) => void;
let replay: (what: 'pause' | 'resume') => Promise<unknown>;

beforeAll(async () => {
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  owned.use(postgres);
  owned.use(nats);
  const replica = owned.use(await startTestReplica(postgres));
  const url = await postgres.createDatabase(`replica_${randomUUID().slice(0, 8)}`);
  await migrate(url);
  const { user, password, host } = postgres;
  const { port, pathname } = new URL(replica.urlOf(url));
  const address = { host, port: Number(port), database: pathname.slice(1), user, password };
  const options = { applicationName: 'test', statementTimeoutMs: 5_000 };
  const session = await eventually(
    () => openTarget(address, options).catch(() => false as const),
    WITHIN,
  );
  owned.use(session);
  replay = (what) => session.query(`select pg_wal_replay_${what}()`);
  scheduler = openControlDatabase({
    url,
    role: 'floe_scheduler',
    applicationName: 'test-scheduler',
    connectionsMax: 2,
  });
  owned.defer(() => scheduler.close());
  const bus = owned.use(await connectBus({ urls: [nats.url], name: 'test', log }));
  wake = (runId) => bus.publishChanges([runId]);
  const env = readEnvironment({
    FLOE_DATABASE_URL: url,
    FLOE_REPORTING_DATABASE_URL: replica.urlOf(url),
    FLOE_NATS_URL: nats.url,
    FLOE_REPORTING_LISTEN: '127.0.0.1:0',
  });
  // It refuses a replica that has not replayed the migrations yet.
  const service = await eventually(
    () => startReporting(env, { log }).catch(() => false as const),
    WITHIN,
  );
  owned.defer(() => service.stop());
  const addresses = [service.addresses['grpc'] ?? ''];
  client = createRpcClient(ReportingService, { addresses, name: 'reporting' });
  owned.defer(() => client.close());
}, 60_000);

afterAll(() => owned.disposeAsync());

const isThere = (runId: string) =>
  client.getRun({ runId }).then(
    () => true,
    () => false,
  );

test('what the primary stored is reported, by a replica that says that it is one', async () => {
  const runId = await storeRun(scheduler.db, { workflowName: 'totals', state: 'succeeded' });
  await eventually(() => isThere(runId), WITHIN);
  const { runs } = await client.listRuns(ListRunsRequest.create({ workflowName: 'totals' }));
  expect(runs.map((run) => run.runId)).toEqual([runId]);
  const { overview } = await client.getOverview(GetOverviewRequest.create());
  expect(overview).toMatchObject({ isReplica: true, succeededLastDayCount: 1n });
});

test('a watcher is told each event once and in order, however far the replica is behind', async () => {
  const runId = await storeRun(scheduler.db, { state: 'running' });
  await eventually(() => isThere(runId), WITHIN);
  const seen: number[] = [];
  const watching = (async () => {
    for await (const { sequence, update } of client.watchRun(
      { runId, afterSequence: 0n },
      { deadlineMs: 30_000 },
    ))
      if (update?.$case === 'event') seen.push(Number(sequence));
  })();
  const say = async (type: string, state?: string) => {
    await appendEvent(scheduler.db, { runId, type, ...(state !== undefined && { state }) });
    wake(runId);
  };
  await say('task.running');
  await eventually(() => seen.length === 1, WITHIN);
  await replay('pause');
  for (let count = 0; count < 5; count += 1) await say('task.running');
  await say('run.succeeded', 'succeeded');
  await eventually(
    async () => (await client.getOverview(GetOverviewRequest.create())).overview!.replicaLagMs > 0n,
    WITHIN,
  );
  expect(seen).toEqual([1]);
  await replay('resume');
  await watching;
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('a run that the replica does not have yet is not there, and then it is', async () => {
  await replay('pause');
  const runId = await storeRun(scheduler.db, { state: 'running' });
  await expect(client.getRun({ runId })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await replay('resume');
  await eventually(() => isThere(runId), WITHIN);
});
