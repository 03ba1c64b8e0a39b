/**
 * Calls of Floe's gRPC services with promises and async iterables, over a channel of `@grpc/grpc-js` that the caller has
 * made. The services and messages are those of `@floe/client/contracts`.
 *
 * 1. Every unary call has a deadline.
 * 2. Leaving the loop over a stream, or aborting its signal, cancels the call on the server.
 * 3. Errors are those of grpc-js, with status and trailing metadata.
 */

type Method = {
  readonly path: string;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: never) => Uint8Array;
  readonly requestDeserialize: (value: never) => unknown;
  readonly responseDeserialize: (value: never) => unknown;
};

type RequestOf<Of extends Method> = Partial<ReturnType<Of['requestDeserialize']>>;
type ResponseOf<Of extends Method> = ReturnType<Of['responseDeserialize']>;

type CallOptions = {
  readonly signal?: AbortSignal;
  /** Of this call; that of the client when absent. */
  readonly deadlineMs?: number;
};

type Call<Of extends Method> = Of['responseStream'] extends true
  ? (request: RequestOf<Of>, options?: CallOptions) => AsyncIterable<ResponseOf<Of>>
  : (request: RequestOf<Of>, options?: CallOptions) => Promise<ResponseOf<Of>>;

/** A method for each RPC of a service. */
export type GrpcClient<Service extends Readonly<Record<string, Method>>> = {
  readonly [Name in keyof Service]: Call<Service[Name]>;
};

type Cancellable = { cancel(): void };
type Functions = readonly [serialize: unknown, deserialize: unknown];

/** What is needed of `new Client(address, credentials)` of grpc-js. */
export type GrpcChannel = {
  // oxlint-disable typescript/no-explicit-any -- the types of the driver, which is not at hand here
  makeUnaryRequest(...words: any[]): Cancellable;
  makeServerStreamRequest(...words: any[]): AsyncIterable<unknown> & Cancellable;
  // oxlint-enable typescript/no-explicit-any
};

export type GrpcOptions = {
  readonly channel: GrpcChannel;
  /** Makes the metadata of a call, like a token: `new Metadata()` of grpc-js, filled. */
  readonly metadata: () => unknown;
  /** For unary calls; 10 s when absent. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 10_000;

/** Fields that a request leaves out have the values that proto gives them. */
export function createGrpcClient<Service extends Readonly<Record<string, Method>>>(
  service: Service,
  options: GrpcOptions,
): GrpcClient<Service> {
  const calls = Object.entries(service).map(([name, method]) => {
    const functions = [method.requestSerialize, method.responseDeserialize] as const;
    const call = method.responseStream ? streamOf : unaryOf;
    return [name, call(method.path, filled(method, functions), options)];
  });
  return Object.fromEntries(calls) as GrpcClient<Service>;
}

/** A message of no bytes has the value of each field that is left out. */
function filled(method: Method, [serialize, deserialize]: Functions): Functions {
  const empty = method.requestDeserialize(new Uint8Array() as never) as object;
  const write = serialize as (value: object) => Uint8Array;
  return [(value: object) => write({ ...empty, ...value }), deserialize];
}

function unaryOf(path: string, [serialize, deserialize]: Functions, options: GrpcOptions) {
  return (request: object, call: CallOptions = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() + (call.deadlineMs ?? options.deadlineMs ?? DEADLINE_MS);
      const started = options.channel.makeUnaryRequest(
        path,
        serialize,
        deserialize,
        request,
        options.metadata(),
        { deadline },
        (error: Error | null, response: unknown) => {
          if (error === null) resolve(response);
          else reject(error);
        },
      );
      cancelWith(call.signal, started);
    });
}

function streamOf(path: string, [serialize, deserialize]: Functions, options: GrpcOptions) {
  return async function* (request: object, call: CallOptions = {}): AsyncGenerator<unknown, void> {
    const stream = options.channel.makeServerStreamRequest(
      path,
      serialize,
      deserialize,
      request,
      options.metadata(),
      {},
    );
    cancelWith(call.signal, stream);
    try {
      yield* stream;
    } catch (error) {
      if (call.signal?.aborted !== true) throw error;
    } finally {
      stream.cancel();
    }
  };
}

function cancelWith(signal: AbortSignal | undefined, call: Cancellable): void {
  if (signal?.aborted === true) call.cancel();
  signal?.addEventListener('abort', () => call.cancel(), { once: true });
}
