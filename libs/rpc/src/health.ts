import { FloeError } from '@floe/errors';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
} from './generated/grpc/health/v1/health.ts';
import type { HealthCheckResponse } from './generated/grpc/health/v1/health.ts';
import { rpcService } from './handlers.ts';
import type { RpcService, ServerCall } from './handlers.ts';

const LIVENESS = 'liveness';

/**
 * The standard health service (grpc.health.v1) of one server: the empty name stands for the whole of it. All its
 * services share one fate: they serve while what they need is there, until the server stops. The name `liveness` serves
 * whenever the process answers: it is for whoever would restart it.
 */
export class Health {
  readonly #names: ReadonlySet<string>;
  readonly #draining = new AbortController();

  readonly #checkReady: () => Promise<void>;

  constructor(serviceNames: readonly string[], checkReady: () => Promise<void>) {
    this.#names = new Set(['', LIVENESS, ...serviceNames]);
    this.#checkReady = checkReady;
  }

  /** Tells checkers and watchers that no new call should come. */
  stopServing(): void {
    this.#draining.abort();
  }

  service(): RpcService {
    return rpcService(HealthService, {
      check: async (request) => this.#check(request.service),
      list: async () => this.#list(),
      watch: (request, call) => this.#watch(request.service, call),
    });
  }

  async #status(name: string): Promise<HealthCheckResponse> {
    if (!this.#names.has(name)) return { status: ServingStatus.SERVICE_UNKNOWN };
    const isServing = name === LIVENESS || (await this.#isReady());
    return { status: isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING };
  }

  async #isReady(): Promise<boolean> {
    if (this.#draining.signal.aborted) return false;
    return this.#checkReady().then(
      () => true,
      () => false,
    );
  }

  async #check(name: string): Promise<HealthCheckResponse> {
    if (this.#names.has(name)) return this.#status(name);
    throw new FloeError('SERVICE_NOT_FOUND', `this server has no service '${name}'`, {
      details: { service: name },
    });
  }

  async #list(): Promise<{ statuses: Record<string, HealthCheckResponse> }> {
    const entries = await Promise.all(
      [...this.#names].map(async (name) => [name, await this.#status(name)] as const),
    );
    return { statuses: Object.fromEntries(entries) };
  }

  async *#watch(name: string, call: ServerCall): AsyncGenerator<HealthCheckResponse> {
    yield await this.#status(name);
    await firstAbort([this.#draining.signal, call.signal]);
    yield await this.#status(name);
  }
}

function firstAbort(signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    any.addEventListener('abort', () => resolve(), { once: true });
    if (any.aborted) resolve();
  });
}
