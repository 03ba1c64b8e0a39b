import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { ATTRIBUTE, openSpan } from '@floe/telemetry';
import type { OpenSpan } from '@floe/telemetry';
import { methodName } from './contract.ts';
import type { MethodContract } from './contract.ts';
import { statusText } from './status-codes.ts';

/** Opens the CLIENT span of a call. */
export function openClientSpan(method: MethodContract, address: string): OpenSpan {
  return openSpan(methodName(method), {
    kind: 'client',
    attributes: {
      [ATTRIBUTE.rpcSystem]: 'grpc',
      [ATTRIBUTE.rpcMethod]: methodName(method),
      [ATTRIBUTE.serverAddress]: address,
    },
  });
}

/** The headers that carry the span to the server. */
export function traceHeaders(open: OpenSpan): Metadata {
  const metadata = new Metadata();
  metadata.set('traceparent', open.traceparent);
  return metadata;
}

/** Ends a client span: every status but OK is an error for the caller. */
export function endClientSpan(
  open: OpenSpan,
  failure?: { grpc: ServiceError; thrown: Error },
): void {
  if (failure === undefined) {
    open.setAttributes({ [ATTRIBUTE.rpcStatus]: 'OK' });
  } else {
    open.setAttributes({ [ATTRIBUTE.rpcStatus]: statusText(failure.grpc.code) });
    open.fail(failure.thrown);
  }
  open.end();
}
