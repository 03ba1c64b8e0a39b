/**
 * The scheduler's and metadata's side of the contracts that an executor lives by: a gRPC server that remembers what it
 * was told and answers as the test says.
 */
import { randomUUID } from 'node:crypto';
import type { Bus } from '@floe/bus';
import { rpcService, startRpcServer } from '@floe/rpc';
import type { RpcServer } from '@floe/rpc';
import { ConnectionKind, SslMode } from '@floe/rpc/contracts';
import {
  AttemptLease,
  AttemptService,
  ConnectionService,
  ExchangeAttemptsResponse,
  Lane,
  RenewLeasesResponse,
  ResolveConnectionResponse,
} from '@floe/rpc/internal-contracts';
import type {
  ExchangeAttemptsRequest,
  FinishAttemptRequest,
  LeaseVerdict,
  RenewLeasesRequest,
  TaskSpec,
} from '@floe/rpc/internal-contracts';
import { createLogger, formatTraceparent, newSpanId, newTraceId } from '@floe/telemetry';
import type { TestPostgres } from '@floe/testing';

export const POOL = 'default';

export type AttemptKey = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

export type Given = { readonly lease: AttemptLease; readonly executorId: string };

/** Other tasks that an attempt is to carry out. */
export type Stage = Pick<AttemptLease, 'makers' | 'followers'>;

type Ready = { readonly key: AttemptKey; readonly task: TaskSpec; readonly stage?: Stage };

export class AttemptScheduler implements AsyncDisposable {
  readonly exchanges: ExchangeAttemptsRequest[] = [];
  readonly renewals: RenewLeasesRequest[] = [];
  readonly finishes: FinishAttemptRequest[] = [];
  /** Every lease, in the order of giving. */
  readonly given: Given[] = [];
  leaseMs = 6_000;
  verdict: Pick<LeaseVerdict, 'held' | 'cancel'> = { held: true, cancel: false };
  /** What is said of ends. */
  accepts = true;
  /** Throws to be out of order, before or after it has done what was asked. */
  onRenew: () => void = () => {};
  onExchange: (request: ExchangeAttemptsRequest) => void = () => {};
  onExchanged: (request: ExchangeAttemptsRequest) => void = () => {};
  postgres: TestPostgres | undefined;
  /** What every connection leads to, where it is set. */
  api: { readonly baseUrl: string; readonly secret: string } | undefined;
  /** The span of every attempt: a real scheduler exports it. */
  readonly attemptSpan = { traceId: newTraceId(), spanId: newSpanId(), traceFlags: 1 };
  readonly #ready: Record<'slot' | 'light', Ready[]> = { slot: [], light: [] };
  #server: RpcServer | undefined;

  async start(): Promise<void> {
    this.#server = await startRpcServer({
      listen: '127.0.0.1:0',
      log: createLogger('test', { level: 'silent' }),
      services: [
        rpcService(AttemptService, {
          exchangeAttempts: async (request) => this.#exchange(request),
          renewLeases: async (request) => this.#renew(request),
        }),
        rpcService(ConnectionService, {
          resolveConnection: async ({ name }) => this.#resolve(name),
        }),
      ],
    });
  }

  get address(): string {
    return this.#server?.address ?? '';
  }

  /** Makes a task ready in a lane and tells the pool. */
  offer(bus: Bus, task: Partial<TaskSpec>, lane: 'slot' | 'light' = 'slot'): AttemptKey {
    const [key] = this.offerMany(1, task, lane);
    bus.publishHints([{ pool: POOL, lane, count: 1 }]);
    return key!;
  }

  /** The same of a task whose attempt carries out others besides. */
  offerStage(bus: Bus, task: Partial<TaskSpec>, stage: Stage): AttemptKey {
    const key = { runId: randomUUID(), taskId: 'task', epoch: 1 };
    this.#ready.slot.push({ key, task: aTask(task), stage });
    bus.publishHints([{ pool: POOL, lane: 'slot', count: 1 }]);
    return key;
  }

  /** Makes tasks ready without a word. */
  offerMany(count: number, task: Partial<TaskSpec>, lane: 'slot' | 'light'): AttemptKey[] {
    const ready = Array.from({ length: count }, () => ({
      key: { runId: randomUUID(), taskId: 'task', epoch: 1 },
      task: aTask(task),
    }));
    this.#ready[lane].push(...ready);
    return ready.map(({ key }) => key);
  }

  finishOf(key: AttemptKey): FinishAttemptRequest | undefined {
    return this.finishes.find((finish) => finish.runId === key.runId);
  }

  /** How often the lease of an attempt was given. */
  countGiven(key: AttemptKey): number {
    return this.given.filter(({ lease }) => lease.runId === key.runId).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop();
  }

  #exchange(request: ExchangeAttemptsRequest): ExchangeAttemptsResponse {
    this.onExchange(request);
    this.exchanges.push(request);
    this.finishes.push(...request.finished);
    const held = this.given.filter(({ lease }) => lease.token === request.token);
    const leases = request.repeated ? held.map(({ lease }) => lease) : this.#give(request);
    this.onExchanged(request);
    return ExchangeAttemptsResponse.create({
      accepted: request.finished.map(() => this.accepts),
      leases,
      moreReady: this.#ready.slot.length + this.#ready.light.length > 0,
    });
  }

  #give({ freeSlots, freeLight, token, executorId }: ExchangeAttemptsRequest): AttemptLease[] {
    const slot = this.#ready.slot.splice(0, freeSlots);
    const light = this.#ready.light.splice(0, freeLight);
    const leases = [
      ...slot.map((ready) => this.#lease(ready, token, Lane.SLOT)),
      ...light.map((ready) => this.#lease(ready, token, Lane.LIGHT)),
    ];
    this.given.push(...leases.map((lease) => ({ lease, executorId })));
    return leases;
  }

  #lease({ key, task, stage }: Ready, token: string, lane: Lane): AttemptLease {
    return AttemptLease.create({
      ...key,
      ...stage,
      epoch: BigInt(key.epoch),
      task,
      token,
      lane,
      attemptId: `${key.runId}/${key.taskId}/${key.epoch}`,
      attemptNumber: 1,
      leaseMs: BigInt(this.leaseMs),
      traceparent: formatTraceparent(this.attemptSpan),
      workflowName: 'test',
    });
  }

  #renew(request: RenewLeasesRequest): RenewLeasesResponse {
    this.renewals.push(request);
    this.onRenew();
    const verdicts = request.renewals.map(() => ({ ...this.verdict, leaseUntilTime: undefined }));
    return RenewLeasesResponse.create({ verdicts });
  }

  #resolve(name: string): ResolveConnectionResponse {
    const { host = '', port = 0, user = '', password = '' } = this.postgres ?? {};
    const connection = {
      name,
      kind: this.api === undefined ? ConnectionKind.POSTGRES : ConnectionKind.HTTP,
      baseUrl: this.api?.baseUrl ?? '',
      secretHeader: '',
      proxy: '',
      proxySecretReference: '',
      caReference: '',
      clientCertificateReference: '',
      clientKeyReference: '',
      host,
      port,
      username: user,
      database: 'postgres',
      secretReference: 'env:TEST',
      sslMode: SslMode.DISABLE,
      createTime: undefined,
      updateTime: undefined,
    };
    return ResolveConnectionResponse.create({
      connection,
      password: this.api?.secret ?? password,
    });
  }
}

function aTask(task: Partial<TaskSpec>): TaskSpec {
  return {
    type: 'noop',
    configJson: '{}',
    parametersJson: '{}',
    inputs: [],
    partition: undefined,
    timeoutMs: 60_000n,
    memoryLimitBytes: 0n,
    progressTimeoutMs: 0n,
    maskedColumns: [],
    items: [],
    itemRows: undefined,
    voidLoad: undefined,
    ...task,
  };
}
