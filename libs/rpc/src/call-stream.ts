import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { traceCall } from './call-span.ts';
import type { CallFailure } from './call-span.ts';
import type { CallOptions, Calling } from './calling.ts';
import type { MethodContract } from './contract.ts';
import { fromGrpcError } from './errors.ts';

export type StreamCall = {
  readonly method: MethodContract;
  readonly request: never;
  readonly options: CallOptions;
};

/**
 * Calls a server-streaming method when the loop over it begins. Messages that the loop does not take are held back at
 * the server. Throws as `callUnary` does; a stream that ended early is not retried, for only the caller knows from
 * where to go on.
 */
export async function* callStream(calling: Calling, call: StreamCall): AsyncGenerator<unknown> {
  const client = calling.channels.next();
  const { method, options } = call;
  const trace = traceCall(calling, { method, options, address: client.getChannel().getTarget() });
  const { deadlineMs, signal } = options;
  const stream = client.makeServerStreamRequest(
    call.method.path,
    call.method.requestSerialize,
    call.method.responseDeserialize,
    call.request,
    trace.headers,
    deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs },
  );
  const cancel = () => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  let failure: CallFailure | undefined;
  try {
    yield* stream as AsyncIterable<unknown>;
  } catch (thrown) {
    const grpc = thrown as ServiceError;
    failure = { grpc, thrown: fromGrpcError(grpc, calling.name) };
    throw failure.thrown;
  } finally {
    signal?.removeEventListener('abort', cancel);
    abandon(stream);
    trace.end(failure);
  }
}

/** Cancelling a stream that has ended does nothing. The error that it raises is the caller's own wish. */
function abandon(stream: ClientReadableStream<unknown>): void {
  stream.on('error', () => undefined);
  stream.cancel();
}
