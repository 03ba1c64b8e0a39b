import { status } from '@grpc/grpc-js';
import type { ErrorCategory, ErrorCode } from '@floe/errors';

/** The gRPC status of each category of error. */
export const STATUS_OF_CATEGORY: Readonly<Record<ErrorCategory, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.ALREADY_EXISTS,
  precondition: status.FAILED_PRECONDITION,
  exhausted: status.RESOURCE_EXHAUSTED,
  cancelled: status.CANCELLED,
  deadline: status.DEADLINE_EXCEEDED,
  unimplemented: status.UNIMPLEMENTED,
  unavailable: status.UNAVAILABLE,
  internal: status.INTERNAL,
};

/** What a status means when the other side is no Floe service and sends no details. */
const CODE_OF_STATUS: Readonly<Partial<Record<status, ErrorCode>>> = {
  [status.CANCELLED]: 'CANCELLED',
  [status.INVALID_ARGUMENT]: 'ARGUMENT_INVALID',
  [status.OUT_OF_RANGE]: 'ARGUMENT_INVALID',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [status.RESOURCE_EXHAUSTED]: 'LIMIT_EXCEEDED',
  [status.UNIMPLEMENTED]: 'NOT_IMPLEMENTED',
  [status.UNAVAILABLE]: 'SERVICE_UNAVAILABLE',
};

export function codeOfStatus(code: status): ErrorCode {
  return CODE_OF_STATUS[code] ?? 'INTERNAL';
}

/** Failures that are the server's: only these mark its span, as the RPC conventions want it. */
const SERVER_FAULTS: ReadonlySet<status> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

export function isServerFault(code: status): boolean {
  return SERVER_FAULTS.has(code);
}

/** The text of a status, like `NOT_FOUND`. */
export function statusText(code: status): string {
  return status[code];
}
