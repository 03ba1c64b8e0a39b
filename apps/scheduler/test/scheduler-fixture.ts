import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { connectBus, type Bus } from '@floe/bus';
import { migrate, openControlDatabase, type ControlDatabase } from '@floe/database';
import { createRpcClient, LEASE_FORM, type RpcClient } from '@floe/rpc';
import { SchedulerService, StartRunRequest } from '@floe/rpc/contracts';
import {
  AttemptService,
  ExchangeAttemptsRequest,
  FinishAttemptRequest,
  type AttemptLease,
  type ExchangeAttemptsResponse,
} from '@floe/rpc/internal-contracts';
import { readEnvironment, type Service } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { startTestNats, startTestPostgres, type TestNats, type TestPostgres } from '@floe/testing';
import type { Workflow } from '@floe/workflow';
import { startScheduler } from '../src/service.ts';

const log = createLogger('test', { level: 'silent' });

/** Real PostgreSQL, real NATS, and any number of schedulers on them. */
export class SchedulerFixture {
  readonly postgres: TestPostgres;
  readonly nats: TestNats;
  readonly database: ControlDatabase;
  readonly bus: Bus;
  readonly url: string;
  readonly #reader: ControlDatabase;
  readonly #schedulers: Service[] = [];
  readonly #clients: { close(): void }[] = [];

  private constructor(
    parts: Pick<SchedulerFixture, 'postgres' | 'nats' | 'database' | 'bus'> & { url: string },
  ) {
    this.postgres = parts.postgres;
    this.nats = parts.nats;
    this.database = parts.database;
    this.bus = parts.bus;
    this.url = parts.url;
    this.#reader = openControlDatabase({
      url: parts.url,
      role: 'floe_scheduler',
      applicationName: 'test',
      connectionsMax: 2,
    });
  }

  static async start(): Promise<SchedulerFixture> {
    const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
    const url = await postgres.createDatabase('floe');
    await migrate(url);
    const database = openControlDatabase({
      url,
      role: 'floe_metadata',
      applicationName: 'test',
      connectionsMax: 4,
    });
    const bus = await connectBus({ urls: [nats.url], name: 'test', log });
    return new SchedulerFixture({ postgres, nats, database, bus, url });
  }

  async startScheduler(): Promise<SchedulerClients> {
    const environment = readEnvironment({
      FLOE_DATABASE_URL: this.url,
      FLOE_NATS_URL: this.nats.url,
      FLOE_SCHEDULER_LISTEN: '127.0.0.1:0',
      FLOE_LOG_LEVEL: 'silent',
    });
    const service = await startScheduler(environment);
    this.#schedulers.push(service);
    const addresses = [service.addresses['grpc']!];
    const runs = createRpcClient(SchedulerService, { addresses, name: 'scheduler' });
    const attempts = createRpcClient(AttemptService, { addresses, name: 'scheduler' });
    this.#clients.push(runs, attempts);
    return { service, runs, attempts };
  }

  /** Stores version 1 of a workflow as metadata does. */
  async addWorkflow(workflow: Workflow): Promise<void> {
    const { name, tasks } = workflow;
    const { db } = this.database;
    await db
      .insertInto('workflow')
      .values({ name, latest_version: 1, task_count: tasks.length })
      .execute();
    const version = {
      workflow_name: name,
      version: 1,
      source: '',
      digest: name,
      task_schemas: '{}',
    };
    await db
      .insertInto('workflow_version')
      .values({ ...version, document: JSON.stringify(workflow) })
      .execute();
  }

  /** Rows of the control database, as the scheduler sees them. */
  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.#reader.db.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
    return result.rows;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.allSettled(this.#schedulers.map((service) => service.stop()));
    await this.bus.stop();
    await this.database.close();
    await this.#reader.close();
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
  }
}

export type SchedulerClients = {
  readonly service: Service;
  readonly runs: RpcClient<typeof SchedulerService>;
  readonly attempts: RpcClient<typeof AttemptService>;
};

/** Tasks by name, each with those that it needs. */
export function aWorkflow(
  name: string,
  needs: Record<string, readonly string[]>,
  options: { retries?: number; timeoutMs?: number; pool?: string; priority?: number } = {},
): Workflow {
  const retries = {
    max: options.retries ?? 0,
    delayMs: 100,
    backoff: 2,
    maxDelayMs: 1_000,
    jitter: 0,
  };
  return {
    name,
    description: '',
    params: { day: { type: 'date', description: '', required: false } },
    timeoutMs: options.timeoutMs ?? 600_000,
    tasks: Object.entries(needs).map(([id, upstream]) => ({
      id,
      type: 'noop',
      description: '',
      inputs: [],
      needs: upstream,
      config: {},
      retries,
      timeoutMs: 60_000,
      queueTimeoutMs: 60_000,
      pool: options.pool ?? 'default',
      priority: options.priority ?? 5,
      trigger: 'all_succeeded',
    })),
  };
}

export function startRequest(workflowName: string, requestId = ''): StartRunRequest {
  return StartRunRequest.create({ workflowName, requestId });
}

const ROOM = { slot: 0, light: 1 };

export type Offer = {
  readonly executor?: number;
  readonly pool?: string;
  readonly token?: string;
  readonly repeated?: boolean;
  readonly free?: { readonly slot: number; readonly light: number };
  readonly finished?: readonly FinishAttemptRequest[];
  readonly leaseForm?: number;
  /** By the clock of the control database. */
  readonly answerByMs?: bigint;
};

/** Ends attempts and takes others, as an executor does. */
export function exchange(
  { attempts }: SchedulerClients,
  offer: Offer = {},
): Promise<ExchangeAttemptsResponse> {
  const { executor = 1, pool = 'default', token = newToken(), free = ROOM } = offer;
  const request = ExchangeAttemptsRequest.create({
    executorId: `executor-${executor}`,
    pool,
    token,
    repeated: offer.repeated ?? false,
    freeSlots: free.slot,
    freeLight: free.light,
    finished: [...(offer.finished ?? [])],
    answerByMs: offer.answerByMs ?? 0n,
    leaseForm: offer.leaseForm ?? LEASE_FORM,
  });
  return attempts.exchangeAttempts(request);
}

export function newToken(): string {
  return `token ${randomUUID()}`;
}

/** Takes attempts until one of the run comes; those of other runs, which earlier tests left, are dropped. */
export async function take(
  scheduler: SchedulerClients,
  runId: string,
  options: { readonly executor?: number; readonly withinMs?: number } = {},
): Promise<AttemptLease> {
  const { executor = 1, withinMs = 5_000 } = options;
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const { leases } = await exchange(scheduler, { executor });
    const lease = leases.find((one) => one.runId === runId);
    if (lease !== undefined) return lease;
    if (leases.length === 0) await delay(20);
  }
  throw new Error(`no attempt of run ${runId} within ${withinMs} ms`);
}

export function succeeded(lease: AttemptLease): FinishAttemptRequest {
  const { runId, taskId, epoch, token } = lease;
  const value = { rows: 7n, bytes: 70n, datasetJson: '' };
  const outcome = { $case: 'succeeded' as const, value };
  return FinishAttemptRequest.create({ runId, taskId, epoch, token, outcome });
}

export function failed(lease: AttemptLease): FinishAttemptRequest {
  const { runId, taskId, epoch, token } = lease;
  const failure = { code: 'QUERY_FAILED', message: 'no such column', taskId };
  const outcome = { $case: 'failed' as const, value: { failure, retryable: true } };
  return FinishAttemptRequest.create({ runId, taskId, epoch, token, outcome });
}

/** Ends one attempt and takes none. True when the outcome counts. */
export async function finish(
  scheduler: SchedulerClients,
  finished: FinishAttemptRequest,
): Promise<boolean> {
  const { accepted } = await exchange(scheduler, {
    free: { slot: 0, light: 0 },
    finished: [finished],
  });
  return accepted[0] ?? false;
}

export async function succeed(scheduler: SchedulerClients, lease: AttemptLease): Promise<boolean> {
  return finish(scheduler, succeeded(lease));
}

export async function fail(scheduler: SchedulerClients, lease: AttemptLease): Promise<boolean> {
  return finish(scheduler, failed(lease));
}
