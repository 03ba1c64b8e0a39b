import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { ATTRIBUTE, currentTraceparent, openSpan } from '@floe/telemetry';
import type { OpenSpan } from '@floe/telemetry';
import type { CallOptions, Calling } from './calling.ts';
import { methodName } from './contract.ts';
import type { MethodContract } from './contract.ts';
import { statusText } from './status-codes.ts';

/** The client's side of a call in its trace. */
export type CallTrace = {
  /** What carries the trace to the server. */
  readonly headers: Metadata;
  end(failure?: CallFailure): void;
};

export type CallFailure = { readonly grpc: ServiceError; readonly thrown: Error };

/** A call that is about to be sent. */
type Called = {
  readonly method: MethodContract;
  readonly options: CallOptions;
  readonly address: string;
};

/** Opens the CLIENT span of a call, or hands on the caller's context where the client records none. */
export function traceCall(calling: Calling, { method, options, address }: Called): CallTrace {
  if (!calling.recordsSpans) {
    return { headers: headersOf(options, currentTraceparent()), end: () => undefined };
  }
  const open = openSpan(methodName(method), {
    kind: 'client',
    attributes: {
      [ATTRIBUTE.rpcSystem]: 'grpc',
      [ATTRIBUTE.rpcMethod]: methodName(method),
      [ATTRIBUTE.serverAddress]: address,
    },
  });
  return {
    headers: headersOf(options, open.traceparent),
    end: (failure) => endSpan(open, failure),
  };
}

function headersOf({ headers = {} }: CallOptions, traceparent: string | undefined): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  if (traceparent !== undefined) metadata.set('traceparent', traceparent);
  return metadata;
}

/** Every status but OK is an error for the caller. */
function endSpan(open: OpenSpan, failure?: CallFailure): void {
  if (failure === undefined) {
    open.setAttributes({ [ATTRIBUTE.rpcStatus]: 'OK' });
  } else {
    open.setAttributes({ [ATTRIBUTE.rpcStatus]: statusText(failure.grpc.code) });
    open.fail(failure.thrown);
  }
  open.end();
}
