/**
 * Typed clients: a method per RPC, promises for unary calls, async iterables for streams.
 *
 * 1. Every unary call has a deadline; so does its whole series of retries.
 * 2. Only UNAVAILABLE is retried, only for methods that the caller named idempotent, a bounded number of times.
 * 3. Leaving the loop over a stream, or aborting its signal, cancels the call on the server.
 */
import type { MethodContract, RequestOf, ResponseOf, ServiceContract } from './contract.ts';
import type { CallOptions, Calling } from './calling.ts';
import { Channels } from './channels.ts';
import { callUnary } from './call-unary.ts';
import { callStream } from './call-stream.ts';
import type { TlsIdentity } from './tls-identity.ts';

type ClientMethod<Method extends MethodContract> = Method['responseStream'] extends true
  ? (request: RequestOf<Method>, options?: CallOptions) => AsyncIterable<ResponseOf<Method>>
  : (request: RequestOf<Method>, options?: CallOptions) => Promise<ResponseOf<Method>>;

/** The methods of a service, and `close`. */
export type RpcClient<Contract extends ServiceContract> = {
  readonly [Method in keyof Contract]: ClientMethod<Contract[Method]>;
} & {
  /** Ends the connections; calls that are under way fail. */
  close(): void;
};

export type RpcClientOptions<Contract extends ServiceContract> = {
  /** `host:port` of each server; calls go round those that answer. */
  readonly addresses: readonly string[];
  /** Whom errors name, like `scheduler`. */
  readonly name: string;
  /** Who is calling, and whom it trusts; absent: plain connections. */
  readonly tls?: TlsIdentity | undefined;
  /** For unary calls; 10 s when absent. */
  readonly deadlineMs?: number;
  /** Methods that may be sent twice: reads, and those with a request id. */
  readonly idempotent?: readonly (keyof Contract & string)[];
  /**
   * False for a process that may be killed before its spans are exported: calls have no span of their own then, and
   * those of the server become children of the caller's context, so that they keep a parent whatever happens.
   */
  readonly recordsSpans?: boolean;
};

// Longer than any call should take, shorter than a person waits.
const DEFAULT_DEADLINE_MS = 10_000;

/** Makes a client. It connects on its first call. */
export function createRpcClient<Contract extends ServiceContract>(
  contract: Contract,
  options: RpcClientOptions<Contract>,
): RpcClient<Contract> {
  const channels = new Channels(options.addresses, options.tls);
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const { name: service, recordsSpans = true } = options;
  const calling: Calling = { channels, name: service, deadlineMs, recordsSpans };
  const idempotent = new Set<string>(options.idempotent);
  const methods = Object.entries(contract).map(([name, method]) => [
    name,
    clientMethod(calling, method, idempotent.has(name)),
  ]);
  const close = () => channels.close();
  return { ...Object.fromEntries(methods), close } as RpcClient<Contract>;
}

type UntypedMethod = (request: never, options?: CallOptions) => unknown;

function clientMethod(
  calling: Calling,
  method: MethodContract,
  isIdempotent: boolean,
): UntypedMethod {
  if (method.responseStream) {
    return (request, options = {}) => callStream(calling, { method, request, options });
  }
  return (request, options = {}) => callUnary(calling, { method, request, options, isIdempotent });
}
