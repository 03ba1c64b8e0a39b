import { FloeError } from '@floe/errors';
import { createRpcClient } from '@floe/rpc';
import type { RpcClient, RpcSecurity } from '@floe/rpc';
import type { FloeEnvironment } from '@floe/service';

// HealthCheckResponse with field 1, `status`, set to 1, SERVING.
const SERVING = Buffer.from([0x08, 0x01]);
// A request without a service name asks for the whole server; all its fields have their defaults.
const WHOLE_SERVER = Buffer.alloc(0);

/**
 * The one method of the standard health service that is needed here, its two messages written by hand.
 * Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
const HealthContract = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: (): Buffer => WHOLE_SERVER,
    requestDeserialize: (): object => ({}),
    responseSerialize: (): Buffer => SERVING,
    responseDeserialize: (bytes: Buffer): { readonly isServing: boolean } => ({
      isServing: bytes.equals(SERVING),
    }),
  },
} as const;

type HealthClient = RpcClient<typeof HealthContract>;

// A probe that waits longer is as good as a failure to whoever asks.
const CHECK_DEADLINE_MS = 2_000;

/** Asks the services behind the gateway whether they serve. */
export class HealthChecks {
  #isStopping = false;
  readonly #clients: readonly (readonly [name: string, client: HealthClient])[];

  constructor(env: FloeEnvironment, tls: RpcSecurity['tls']) {
    const open = (name: string, addresses: readonly string[]) => {
      const options = { name, addresses, deadlineMs: CHECK_DEADLINE_MS, tls };
      return [name, createRpcClient(HealthContract, options)] as const;
    };
    this.#clients = [
      open('metadata', [env.metadataAddress]),
      open('scheduler', env.schedulerAddresses),
      open('reporting', [env.reportingAddress]),
    ];
  }

  /** Resolves when all serve. Throws SERVICE_UNAVAILABLE with those that do not. */
  async check(): Promise<void> {
    if (this.#isStopping) {
      throw new FloeError('SERVICE_UNAVAILABLE', 'not ready: the gateway stops', {
        details: { services: 'gateway' },
        hint: 'Ask another gateway.',
      });
    }
    const answers = await Promise.all(
      this.#clients.map(async ([name, client]) => ((await isServing(client)) ? [] : [name])),
    );
    const missing = answers.flat();
    if (missing.length === 0) return;
    throw new FloeError('SERVICE_UNAVAILABLE', `not ready: ${missing.join(', ')}`, {
      details: { services: missing.join(',') },
      hint: 'Wait until they are up, or look into their logs.',
    });
  }

  /** From here on the gateway is not ready, whatever the services say. */
  beginStop(): void {
    this.#isStopping = true;
  }

  close(): void {
    for (const [, client] of this.#clients) client.close();
  }
}

async function isServing(client: HealthClient): Promise<boolean> {
  try {
    return (await client.check({})).isServing;
  } catch {
    // Whatever went wrong, the service did not say that it serves; its name goes into the answer.
    return false;
  }
}
