import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { ATTRIBUTE, currentTraceparent, openSpan } from '@floe/telemetry';
import type { OpenSpan } from '@floe/telemetry';
import type { Calling } from './calling.ts';
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

/** Opens the CLIENT span of a call, or hands on the caller's context where the client records none. */
export function traceCall(calling: Calling, method: MethodContract, address: string): CallTrace {
  if (!calling.recordsSpans) {
    return { headers: traceHeaders(currentTraceparent()), end: () => undefined };
  }
  const open = openSpan(methodName(method), {
    kind: 'client',
    attributes: {
      [ATTRIBUTE.rpcSystem]: 'grpc',
      [ATTRIBUTE.rpcMethod]: methodName(method),
      [ATTRIBUTE.serverAddress]: address,
    },
  });
  return { headers: traceHeaders(open.traceparent), end: (failure) => endSpan(open, failure) };
}

function traceHeaders(traceparent: string | undefined): Metadata {
  const metadata = new Metadata();
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
