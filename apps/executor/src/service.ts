import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { connectBus } from '@floe/bus';
import type { Bus } from '@floe/bus';
import { FloeError } from '@floe/errors';
import { createRpcClient, startRpcServer } from '@floe/rpc';
import { Executor } from '@floe/rpc/contracts';
import { ArtifactService, AttemptService, ConnectionService } from '@floe/rpc/internal-contracts';
import { startDuty } from '@floe/service';
import type { Duty, FloeEnvironment, Service } from '@floe/service';
import { createLogger, startTelemetry } from '@floe/telemetry';
import type { Log, Telemetry } from '@floe/telemetry';
import { ArtifactKeeper } from './artifact-keeper.ts';
import { ConnectionResolver } from './connection-resolver.ts';
import { OwnClaims } from './own-claims.ts';
import { DATASET_RETENTION_MS, removeOldDatasets } from './datasets.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { LogShipper } from './log-shipper.ts';
import { createExecutorService } from './rpc/index.ts';
import { VERSION } from './version.ts';
import { EXECUTOR_STATES, WorkerPool } from './worker-pool.ts';

export type ExecutorOverrides = {
  readonly log?: Log;
  /** How long running attempts may go on after `stop`. */
  readonly drainMs?: number;
};

const NAME = 'floe-executor';
// A process that was told to stop is killed after 30 s: what runs longer is handed back while there is time for it.
const DRAIN_MS = 25_000;
// Room for the supervisor and whatever else runs on the machine.
const MEMORY_SHARE = 0.8;
// Old datasets are a matter of days.
const CLEAN_INTERVAL_MS = 3_600_000;

/**
 * Starts an executor; it takes attempts once this resolves. Throws CONFIGURATION_INVALID, BUS_UNAVAILABLE or
 * PORT_TAKEN, and then nothing of it is left running.
 */
export async function startExecutor(
  env: FloeEnvironment,
  overrides: ExecutorOverrides = {},
): Promise<Service> {
  const log = overrides.log ?? createLogger(NAME, { level: env.logLevel });
  const telemetry = startTelemetry({
    serviceName: NAME,
    instanceId: randomUUID(),
    version: VERSION,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  const drainMs = overrides.drainMs ?? DRAIN_MS;
  return telemetry.within(() => startParts({ env, log, telemetry, drainMs }));
}

type Start = {
  readonly env: FloeEnvironment;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly drainMs: number;
};

/** What is opened first is closed last: attempts end while leases, logs and clients still work. */
async function startParts({ env, log, telemetry, drainMs }: Start): Promise<Service> {
  await using owned = new AsyncDisposableStack();
  owned.use(telemetry);
  const bus = owned.use(await openBus(env, log));
  const { scheduler, metadata, keeper } = openClients(env, owned);
  const logs = new LogShipper(bus, log);
  owned.defer(() => logs.stop());
  const artifacts = new ArtifactKeeper(keeper, log);
  owned.defer(() => artifacts.stop());
  let address = env.executorListen;
  const describe = () => describeExecutor({ env, address, pool });
  const leases = new LeaseKeeper({ client: scheduler, describe, log });
  const connections = new ConnectionResolver(metadata);
  const pool = new WorkerPool(env.executorSlots, {
    bus,
    scheduler,
    claims: new OwnClaims(),
    connections,
    leases,
    logs,
    artifacts,
    log,
    executorId: env.executorId,
    pool: env.executorPool,
    datasetDir: resolve(env.datasetDir),
    ...(env.filesDir !== undefined && { filesDir: resolve(env.filesDir) }),
    memoryLimitBytes: Math.floor((totalmem() * MEMORY_SHARE) / env.executorSlots),
  });
  const services = [createExecutorService({ pool, describe, log })];
  const server = await startRpcServer({ listen: env.executorListen, services, log, telemetry });
  owned.use(server);
  ({ address } = server);
  owned.defer(() => leases.stop());
  leases.start();
  owned.use(startCleaning(resolve(env.datasetDir), log));
  const control = bus.subscribeControl(env.executorId, (hint) => pool.cancel(hint));
  owned.defer(() => control.stop());
  owned.defer(() => pool.stop(drainMs));
  pool.start();
  const running = owned.move();
  const stop = () => running.disposeAsync();
  return { name: NAME, addresses: { grpc: server.address }, stop };
}

async function openBus(env: FloeEnvironment, log: Log): Promise<Bus> {
  const { natsUrls: urls } = env;
  if (urls !== undefined) return connectBus({ urls, name: NAME, log });
  throw new FloeError('CONFIGURATION_INVALID', 'FLOE_NATS_URL is not set', {
    details: { variable: 'FLOE_NATS_URL' },
    hint: 'Set FLOE_NATS_URL, or use `floe up`, which starts all that is needed.',
  });
}

/** No spans of its own: they would be lost with a killed executor, and leave those of the services without a parent. */
function openClients(env: FloeEnvironment, owned: AsyncDisposableStack) {
  const scheduler = createRpcClient(AttemptService, {
    addresses: env.schedulerAddresses,
    name: 'scheduler',
    // A claim names its token, a renewal and an outcome their epoch: sent twice they do the same.
    idempotent: ['claimAttempt', 'renewLeases', 'finishAttempt'],
    recordsSpans: false,
  });
  owned.defer(() => scheduler.close());
  const metadata = createRpcClient(ConnectionService, {
    addresses: [env.metadataAddress],
    name: 'metadata',
    idempotent: ['resolveConnection'],
    recordsSpans: false,
  });
  owned.defer(() => metadata.close());
  const keeper = createRpcClient(ArtifactService, {
    addresses: [env.metadataAddress],
    name: 'metadata',
    idempotent: ['putArtifacts'],
    recordsSpans: false,
  });
  owned.defer(() => keeper.close());
  return { scheduler, metadata, keeper };
}

type Described = {
  readonly env: FloeEnvironment;
  readonly address: string;
  readonly pool: WorkerPool;
};

function describeExecutor({ env, address, pool }: Described): Executor {
  return Executor.create({
    executorId: env.executorId,
    address,
    pool: env.executorPool,
    slots: pool.slotCount,
    busySlots: pool.busyCount,
    state: EXECUTOR_STATES[pool.state],
    startTime: pool.startedAt,
    lastSeenTime: new Date(),
    version: VERSION,
  });
}

function startCleaning(datasetDir: string, log: Log): Duty {
  return startDuty({
    name: 'remove old datasets',
    everyMs: CLEAN_INTERVAL_MS,
    async run() {
      const runs = await removeOldDatasets(datasetDir, Date.now() - DATASET_RETENTION_MS);
      if (runs > 0) log.info({ runs }, 'removed the datasets of old runs');
    },
    onError: (error) => log.warn({ err: error }, 'old datasets could not be removed'),
  });
}
