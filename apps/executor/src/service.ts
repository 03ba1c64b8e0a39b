import { randomBytes, randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { connectBus } from '@floe/bus';
import type { Bus } from '@floe/bus';
import { openDatasetStore } from '@floe/datasets';
import { FloeError } from '@floe/errors';
import { Execution } from '@floe/execution';
import type { ExecutionState } from '@floe/execution';
import { createRpcClient, openSecurity, startRpcServer } from '@floe/rpc';
import type { RpcSecurity } from '@floe/rpc';
import { Executor, ExecutorState } from '@floe/rpc/contracts';
import {
  ArtifactService,
  AttemptService,
  ConnectionService,
  RecordService,
} from '@floe/rpc/internal-contracts';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import { createReadiness } from '@floe/service';
import type { FloeEnvironment, Service } from '@floe/service';
import { useTaskPackages } from '@floe/tasks';
import { createLogger, startTelemetry } from '@floe/telemetry';
import type { Log, Telemetry } from '@floe/telemetry';
import { ArtifactKeeper } from './attempt/artifact-keeper.ts';
import type { AttemptDependencies } from './attempt/attempt-dependencies.ts';
import { ConnectionResolver } from './attempt/connection-resolver.ts';
import { LogShipper } from './attempt/log-shipper.ts';
import { Recorder } from './attempt/recorder.ts';
import { startCleaning } from './clean-datasets.ts';
import { Lanes } from './lanes.ts';
import { LightLane } from './light/light-lane.ts';
import { createExecutorService } from './rpc/index.ts';
import { BusHints } from './scheduler/bus-hints.ts';
import { GrpcScheduler } from './scheduler/grpc-scheduler.ts';
import type { GrpcSchedulerOptions, SchedulerClient } from './scheduler/grpc-scheduler.ts';
import { SlotLane } from './slots/slot-lane.ts';
import { SYSTEM_CLOCK } from './system-clock.ts';
import { VERSION } from './version.ts';

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
// 256 bits: nobody guesses them.
const TOKEN_BYTES = 32;

/**
 * Starts an executor; it takes attempts once this resolves. Throws CONFIGURATION_INVALID, BUS_UNAVAILABLE or
 * PORT_TAKEN, and then nothing of it is left running.
 */
export async function startExecutor(
  env: FloeEnvironment,
  overrides: ExecutorOverrides = {},
): Promise<Service> {
  const log = overrides.log ?? createLogger(NAME, { level: env.logLevel });
  const telemetry = await startTelemetry({
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
  // Workers load them as well; here a package that cannot be used is an error of the start.
  await useTaskPackages(env.taskPackages);
  const security = owned.use(await openSecurity(env, log));
  const bus = owned.use(await openBus(env, log));
  const { scheduler, schedulers, metadata, keeper, records } = openClients(
    env,
    security.tls,
    owned,
  );
  const logs = new LogShipper(bus, log);
  owned.defer(() => logs.stop());
  const artifacts = new ArtifactKeeper(keeper, log);
  owned.defer(() => artifacts.stop());
  const datasets = openDatasetStore({
    store: env.datasetStore,
    folder: resolve(env.datasetDir),
    bus,
    now: Date.now,
  });
  owned.defer(() => datasets.close());
  const lanes = openLanes(env, {
    connections: new ConnectionResolver(metadata),
    logs,
    artifacts,
    recorder: new Recorder(records),
    datasets,
    makesSpans: telemetry.isExporting,
    log,
  });
  owned.defer(() => lanes.slot.stop());
  owned.defer(() => lanes.light.stop());
  let address = env.executorListen;
  const startedAt = new Date();
  const describe = (): Executor => describeExecutor({ env, address, startedAt, lanes, execution });
  const execution: Execution<AttemptLease> = new Execution({
    scheduler: openScheduler(env, { client: scheduler, single: schedulers, describe }),
    hints: new BusHints(bus, env.executorPool),
    labelHints: env.executorLabels.map((label) => new BusHints(bus, env.executorPool, label)),
    worker: lanes,
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newToken,
    log,
  });
  const { executorLabels: labels } = env;
  const services = [createExecutorService({ execution, lanes, labels, describe, log })];
  const checkReady = createReadiness({ NATS: () => bus.requireConnection() });
  const listen = env.executorListen;
  const server = await startRpcServer({ listen, services, log, telemetry, checkReady, security });
  owned.use(server);
  address = env.executorAddress ?? server.address;
  owned.use(startCleaning({ datasets, keepHours: env.datasetKeepHours, log }));
  const control = bus.subscribeControl(env.executorId, (hint) => execution.cancel(hint));
  owned.defer(() => control.stop());
  owned.defer(() => execution.stop(drainMs));
  execution.start();
  const running = owned.move();
  const stop = () => running.disposeAsync();
  return { name: NAME, addresses: { grpc: server.address }, checkReady, stop };
}

function openLanes(
  env: FloeEnvironment,
  parts: Pick<
    AttemptDependencies,
    'connections' | 'logs' | 'artifacts' | 'recorder' | 'datasets' | 'makesSpans' | 'log'
  >,
): Lanes {
  const deps: AttemptDependencies = {
    ...parts,
    executorId: env.executorId,
    pool: env.executorPool,
    datasetDir: resolve(env.datasetDir),
    httpHosts: env.httpHosts ?? [],
    ...(env.filesDir !== undefined && { filesDir: resolve(env.filesDir) }),
    memoryLimitBytes: Math.floor((usableMemoryBytes() * MEMORY_SHARE) / env.executorSlots),
  };
  return new Lanes(new SlotLane(env.executorSlots, deps), new LightLane(env.executorLight, deps));
}

/** What the machine has, or what the container may use of it. */
function usableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function openScheduler(
  env: FloeEnvironment,
  parts: Pick<GrpcSchedulerOptions, 'client' | 'single' | 'describe'>,
): GrpcScheduler {
  const { executorId, executorPool: pool, executorLabels: labels } = env;
  return new GrpcScheduler({ ...parts, executorId, pool, labels });
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

async function openBus(env: FloeEnvironment, log: Log): Promise<Bus> {
  const { natsUrls: urls, natsAccess: access } = env;
  if (urls !== undefined) return connectBus({ urls, access, name: NAME, log });
  throw new FloeError('CONFIGURATION_INVALID', 'FLOE_NATS_URL is not set', {
    details: { variable: 'FLOE_NATS_URL' },
    hint: 'Set FLOE_NATS_URL, or use `floe up`, which starts all that is needed.',
  });
}

/** No spans of its own: they would be lost with a killed executor, and leave those of the services without a parent. */
function openClients(env: FloeEnvironment, tls: RpcSecurity['tls'], owned: AsyncDisposableStack) {
  const scheduler = createRpcClient(AttemptService, {
    addresses: env.schedulerAddresses,
    name: 'scheduler',
    // Renewals name their epochs: sent twice they do the same. An exchange says itself when it is repeated.
    idempotent: ['renewLeases'],
    recordsSpans: false,
    tls,
  });
  owned.defer(() => scheduler.close());
  const schedulers = env.schedulerAddresses.map((address) => openOne(address, tls, owned));
  const metadata = createRpcClient(ConnectionService, {
    addresses: [env.metadataAddress],
    name: 'metadata',
    idempotent: ['resolveConnection'],
    recordsSpans: false,
    tls,
  });
  owned.defer(() => metadata.close());
  const keeper = createRpcClient(ArtifactService, {
    addresses: [env.metadataAddress],
    name: 'metadata',
    idempotent: ['putArtifacts'],
    recordsSpans: false,
    tls,
  });
  owned.defer(() => keeper.close());
  const records = createRpcClient(RecordService, {
    addresses: [env.metadataAddress],
    name: 'metadata',
    // The same again stores the same again.
    idempotent: ['recordMetrics', 'recordWorkflowMetadata'],
    recordsSpans: false,
    tls,
  });
  owned.defer(() => records.close());
  return { scheduler, schedulers, metadata, keeper, records };
}

function openOne(
  address: string,
  tls: RpcSecurity['tls'],
  owned: AsyncDisposableStack,
): SchedulerClient {
  const client = createRpcClient(AttemptService, {
    addresses: [address],
    name: 'scheduler',
    recordsSpans: false,
    tls,
  });
  owned.defer(() => client.close());
  return client;
}

type Described = {
  readonly env: FloeEnvironment;
  readonly address: string;
  readonly startedAt: Date;
  readonly lanes: Lanes;
  readonly execution: Execution<AttemptLease>;
};

const STATES: Readonly<Record<ExecutionState, ExecutorState>> = {
  active: ExecutorState.ACTIVE,
  draining: ExecutorState.DRAINING,
  stopped: ExecutorState.STOPPED,
};

function describeExecutor({ env, address, startedAt, lanes, execution }: Described): Executor {
  return Executor.create({
    executorId: env.executorId,
    address,
    pool: env.executorPool,
    slots: env.executorSlots,
    busySlots: lanes.slot.busy,
    state: STATES[execution.state],
    startTime: startedAt,
    lastSeenTime: new Date(),
    version: VERSION,
    labels: [...env.executorLabels],
  });
}
