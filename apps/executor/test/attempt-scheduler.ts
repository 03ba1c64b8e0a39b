/**
 * The scheduler's and metadata's side of the contracts that an executor lives by: a gRPC server that remembers what it
 * was told and answers as the test says.
 */
import { randomUUID } from 'node:crypto';
import { rpcService, startRpcServer } from '@floe/rpc';
import type { RpcServer } from '@floe/rpc';
import { SslMode } from '@floe/rpc/contracts';
import {
  AttemptLease,
  AttemptService,
  ClaimAttemptResponse,
  ConnectionService,
  RenewLeasesResponse,
  ResolveConnectionResponse,
} from '@floe/rpc/internal-contracts';
import type {
  ClaimAttemptRequest,
  FinishAttemptRequest,
  LeaseVerdict,
  RenewLeasesRequest,
  TaskSpec,
} from '@floe/rpc/internal-contracts';
import { createLogger, formatTraceparent, newSpanId, newTraceId } from '@floe/telemetry';
import type { Bus } from '@floe/bus';
import type { TestPostgres } from '@floe/testing';

export const POOL = 'default';

export type AttemptKey = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

export class AttemptScheduler implements AsyncDisposable {
  readonly claims: ClaimAttemptRequest[] = [];
  readonly renewals: RenewLeasesRequest[] = [];
  readonly finishes: FinishAttemptRequest[] = [];
  leaseMs = 6_000;
  verdict: Pick<LeaseVerdict, 'held' | 'cancel'> = { held: true, cancel: false };
  /** What `FinishAttempt` answers. */
  accepts = true;
  /** Throws to be out of order. */
  onRenew: () => void = () => {};
  onFinish: () => void = () => {};
  postgres: TestPostgres | undefined;
  /** The span of every attempt: a real scheduler exports it. */
  readonly attemptSpan = { traceId: newTraceId(), spanId: newSpanId(), traceFlags: 1 };
  readonly #tasks = new Map<string, TaskSpec>();
  #server: RpcServer | undefined;

  async start(): Promise<void> {
    this.#server = await startRpcServer({
      listen: '127.0.0.1:0',
      log: createLogger('test', { level: 'silent' }),
      services: [
        rpcService(AttemptService, {
          claimAttempt: async (request) => this.#claim(request),
          renewLeases: async (request) => this.#renew(request),
          finishAttempt: async (request) => {
            this.finishes.push(request);
            this.onFinish();
            return { accepted: this.accepts };
          },
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

  /** Makes a task ready and tells the pool. */
  async offer(bus: Bus, task: Partial<TaskSpec>): Promise<AttemptKey> {
    const key = { runId: randomUUID(), taskId: 'task', epoch: 1 };
    this.#tasks.set(key.runId, {
      type: 'noop',
      configJson: '{}',
      parametersJson: '{}',
      inputs: [],
      timeoutMs: 60_000n,
      memoryLimitBytes: 0n,
      progressTimeoutMs: 0n,
      items: [],
      ...task,
    });
    await bus.publishHint({ ...key, pool: POOL, priority: 0, messageId: randomUUID() });
    return key;
  }

  finishOf(key: AttemptKey): FinishAttemptRequest | undefined {
    return this.finishes.find((finish) => finish.runId === key.runId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop();
  }

  #claim(request: ClaimAttemptRequest): ClaimAttemptResponse {
    this.claims.push(request);
    const { runId, taskId, epoch } = request;
    const task = this.#tasks.get(runId);
    this.#tasks.delete(runId);
    if (task === undefined) {
      return ClaimAttemptResponse.create({
        result: { $case: 'refusal', value: { reason: 'not_ready' } },
      });
    }
    const lease = AttemptLease.create({
      runId,
      taskId,
      epoch,
      task,
      attemptId: `${runId}/${taskId}/${epoch}`,
      attemptNumber: 1,
      token: randomUUID(),
      leaseMs: BigInt(this.leaseMs),
      traceparent: formatTraceparent(this.attemptSpan),
      workflowName: 'test',
    });
    return ClaimAttemptResponse.create({ result: { $case: 'lease', value: lease } });
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
      host,
      port,
      username: user,
      database: 'postgres',
      secretReference: 'env:TEST',
      sslMode: SslMode.DISABLE,
      createTime: undefined,
      updateTime: undefined,
    };
    return ResolveConnectionResponse.create({ connection, password });
  }
}
