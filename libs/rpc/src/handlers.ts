import type { MethodContract, RequestOf, ResponseOf, ServiceContract } from './contract.ts';

/** What a handler knows about the call that it answers. */
export type ServerCall = {
  /**
   * Aborted when the caller gave up, the deadline passed or the server stops; its reason is a FloeError. A handler
   * passes it on to whatever it waits for.
   */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970 until which the caller waits. Infinity for a stream that names none. */
  readonly deadlineAtMs: number;
  /** Text headers of the request by lower-case name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The span of this call, for what stores or sends it. */
  readonly traceparent: string;
};

export type UnaryHandler<Request, Response> = (
  request: Request,
  call: ServerCall,
) => Promise<Response>;

/** Usually an async generator. It is asked for the next message only when the caller has taken the last ones. */
export type StreamHandler<Request, Response> = (
  request: Request,
  call: ServerCall,
) => AsyncIterable<Response>;

export type Handler<Method extends MethodContract> = Method['responseStream'] extends true
  ? StreamHandler<RequestOf<Method>, ResponseOf<Method>>
  : UnaryHandler<RequestOf<Method>, ResponseOf<Method>>;

/** A handler for each method. A method that is left out answers UNIMPLEMENTED by name. */
export type Handlers<Contract extends ServiceContract> = {
  readonly [Method in keyof Contract]?: Handler<Contract[Method]>;
};

/** A service with its handlers, ready for `startRpcServer`. */
export type RpcService = {
  readonly contract: ServiceContract;
  readonly handlers: Readonly<Record<string, AnyHandler | undefined>>;
};

/** A handler whose message types were checked by `rpcService` and are known to the contract's codecs only. */
export type AnyHandler = (
  request: never,
  call: ServerCall,
) => Promise<unknown> | AsyncIterable<unknown>;

/** Binds handlers to a generated service; the compiler checks the messages of each. */
export function rpcService<Contract extends ServiceContract>(
  contract: Contract,
  handlers: Handlers<Contract>,
): RpcService {
  return { contract, handlers };
}
