import { Client, connectivityState } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import { channelSecurity } from './credentials.ts';
import { MESSAGE_BYTES_MAX } from './message-limit.ts';
import type { TlsIdentity } from './tls-identity.ts';

// A restarted server is found again within 2 s, as its callers are promised; grpc's own default waits up to 2 min.
const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 2_000;
const KEEPALIVE_INTERVAL_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;

/** The connections of one client: one for each address, used in turn, those that fail last. */
export class Channels {
  readonly #clients: readonly Client[];
  #turn = 0;

  constructor(addresses: readonly string[], tls?: TlsIdentity) {
    if (addresses.length === 0) {
      throw new FloeError('CONFIGURATION_INVALID', 'a gRPC client needs at least one address');
    }
    this.#clients = addresses.map((address) => {
      const { credentials, options } = channelSecurity(address, tls);
      return new Client(address, credentials, { ...CHANNEL_OPTIONS, ...options });
    });
  }

  /** How many servers there are to ask. */
  get count(): number {
    return this.#clients.length;
  }

  /** The next one that is not known to fail; when all are, the next one anyway. */
  next(): Client {
    const count = this.#clients.length;
    this.#turn = (this.#turn + 1) % count;
    const order = Array.from({ length: count }, (_, offset) => (this.#turn + offset) % count);
    const index = order.find((candidate) => !isFailing(this.#clients[candidate]!)) ?? this.#turn;
    this.#turn = index;
    return this.#clients[index]!;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

const CHANNEL_OPTIONS = {
  'grpc.initial_reconnect_backoff_ms': RECONNECT_MIN_MS,
  'grpc.min_reconnect_backoff_ms': RECONNECT_MIN_MS,
  'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
  'grpc.keepalive_time_ms': KEEPALIVE_INTERVAL_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
  'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
  // Retries are ours, for named methods only.
  'grpc.enable_retries': 0,
};

function isFailing(client: Client): boolean {
  const state = client.getChannel().getConnectivityState(false);
  return state === connectivityState.TRANSIENT_FAILURE;
}
