import { FloeError } from '@floe/errors';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
} from './generated/grpc/health/v1/health.ts';
import type { HealthCheckResponse } from './generated/grpc/health/v1/health.ts';
import { rpcService } from './handlers.ts';
import type { RpcService, ServerCall } from './handlers.ts';

/**
 * The standard health service (grpc.health.v1) of one server: the empty name stands for the whole of it. All its
 * services share one fate, serving until the server stops.
 */
export class Health {
  readonly #names: ReadonlySet<string>;
  readonly #draining = new AbortController();

  constructor(serviceNames: readonly string[]) {
    this.#names = new Set(['', ...serviceNames]);
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

  #status(name: string): HealthCheckResponse {
    if (!this.#names.has(name)) return { status: ServingStatus.SERVICE_UNKNOWN };
    const isDraining = this.#draining.signal.aborted;
    return { status: isDraining ? ServingStatus.NOT_SERVING : ServingStatus.SERVING };
  }

  #check(name: string): HealthCheckResponse {
    if (this.#names.has(name)) return this.#status(name);
    throw new FloeError('SERVICE_NOT_FOUND', `this server has no service '${name}'`, {
      details: { service: name },
    });
  }

  #list(): { statuses: Record<string, HealthCheckResponse> } {
    const entries = [...this.#names].map((name) => [name, this.#status(name)] as const);
    return { statuses: Object.fromEntries(entries) };
  }

  async *#watch(name: string, call: ServerCall): AsyncGenerator<HealthCheckResponse> {
    yield this.#status(name);
    await firstAbort([this.#draining.signal, call.signal]);
    yield this.#status(name);
  }
}

function firstAbort(signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    any.addEventListener('abort', () => resolve(), { once: true });
    if (any.aborted) resolve();
  });
}
