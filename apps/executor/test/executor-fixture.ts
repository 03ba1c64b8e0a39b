import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@floe/bus';
import type { Bus } from '@floe/bus';
import { createRpcClient } from '@floe/rpc';
import type { RpcClient } from '@floe/rpc';
import { ExecutorService, GetStatusRequest } from '@floe/rpc/contracts';
import type { Slot } from '@floe/rpc/contracts';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { eventually, startTestNats } from '@floe/testing';
import { startExecutor } from '../src/service.ts';
import { AttemptScheduler, POOL } from './attempt-scheduler.ts';

const log = createLogger('test', { level: 'silent' });

export type RunningExecutor = AsyncDisposable & {
  readonly id: string;
  readonly client: RpcClient<typeof ExecutorService>;
  slots(): Promise<Slot[]>;
  stop(): Promise<void>;
};

export type Fixture = AsyncDisposable & {
  readonly bus: Bus;
  readonly scheduler: AttemptScheduler;
  readonly datasetDir: string;
  /** The settings of an executor that uses these. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts an executor and waits until all of its slots are warm. */
  startExecutor(options?: {
    slots?: number;
    light?: number;
    labels?: string;
    drainMs?: number;
    /** More settings of the environment. */
    settings?: Readonly<Record<string, string>>;
  }): Promise<RunningExecutor>;
};

/** NATS and a scheduler for executors. */
export async function openFixture(): Promise<Fixture> {
  await using owned = new AsyncDisposableStack();
  const datasetDir = await mkdtemp(join(tmpdir(), 'floe-executor-'));
  owned.defer(() => rm(datasetDir, { recursive: true, force: true }));
  const nats = owned.use(await startTestNats());
  const bus = owned.use(await connectBus({ urls: [nats.url], name: 'test', log }));
  const scheduler = owned.use(new AttemptScheduler());
  await scheduler.start();
  const environment = {
    FLOE_NATS_URL: nats.url,
    FLOE_SCHEDULER_ADDRESS: scheduler.address,
    FLOE_METADATA_ADDRESS: scheduler.address,
    FLOE_EXECUTOR_LISTEN: '127.0.0.1:0',
    FLOE_EXECUTOR_POOL: POOL,
    FLOE_DATASET_DIR: datasetDir,
    FLOE_LOG_LEVEL: 'silent',
  };
  const kept = owned.move();
  return {
    bus,
    scheduler,
    datasetDir,
    environment,
    async startExecutor({ slots = 1, light = 256, labels = '', drainMs = 0, settings } = {}) {
      const env = readEnvironment({
        ...environment,
        FLOE_EXECUTOR_SLOTS: String(slots),
        FLOE_EXECUTOR_LIGHT: String(light),
        FLOE_EXECUTOR_LABELS: labels,
        ...settings,
      });
      const service = await startExecutor(env, { drainMs });
      const address = service.addresses['grpc'] ?? '';
      const client = createRpcClient(ExecutorService, { addresses: [address], name: 'executor' });
      const stop = async () => {
        client.close();
        await service.stop();
      };
      const readSlots = async () => (await client.getStatus(GetStatusRequest.create())).slots;
      await eventually(async () => (await readSlots()).every((slot) => slot.processId > 0n), {
        withinMs: 15_000,
      });
      return { id: env.executorId, client, slots: readSlots, stop, [Symbol.asyncDispose]: stop };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
