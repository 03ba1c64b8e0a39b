import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError, StatusObject } from '@grpc/grpc-js';
import { FloeError, toFloeError } from '@floe/errors';
import type { Log } from '@floe/telemetry';
import { decodeDetails, encodeDetails } from './error-details.ts';
import { Status } from './generated/google/rpc/status.ts';
import { shorten } from './shorten.ts';
import { STATUS_OF_CATEGORY, codeOfStatus } from './status-codes.ts';

const DETAILS_HEADER = 'grpc-status-details-bin';
// The message is a header as well, percent-encoded, so up to three times this; with the details below 8 KiB.
const MESSAGE_BYTES_MAX = 480;

/** The gRPC status of an error, with `google.rpc` details in its trailers. */
export function toGrpcStatus(error: FloeError): StatusObject {
  const code = STATUS_OF_CATEGORY[error.category];
  const details = shorten(error.message, MESSAGE_BYTES_MAX);
  const full = Status.encode({ code, message: details, details: encodeDetails(error) }).finish();
  const metadata = new Metadata();
  metadata.set(DETAILS_HEADER, Buffer.from(full));
  return { code, details, metadata };
}

/**
 * What a caller may see of what a handler threw. A bug shows an id only; the log has its text under that id.
 */
export function toVisibleError(thrown: unknown, place: { method: string; log: Log }): FloeError {
  const error = toFloeError(thrown);
  if (error.code !== 'INTERNAL') return error;
  const id = crypto.randomUUID();
  place.log.error({ err: error, error_id: id, method: place.method }, 'a call failed by a bug');
  return new FloeError(error.code, `${place.method} failed by a bug of Floe, error ${id}`, {
    details: { errorId: id },
    hint: 'the log of the service has the error under this id',
  });
}

/** The error that a call ended with, as the server threw it where it is a Floe service. */
export function fromGrpcError(error: ServiceError, service: string): FloeError {
  const facts = readFacts(error);
  if (facts !== undefined) {
    const { code, details, violations, hint } = facts;
    const options = { cause: error, details, violations };
    return new FloeError(code, error.details, hint === undefined ? options : { ...options, hint });
  }
  const details = { service, status: status[error.code] };
  return new FloeError(codeOfStatus(error.code), `${service}: ${error.details}`, {
    cause: error,
    details,
  });
}

function readFacts(error: ServiceError): ReturnType<typeof decodeDetails> {
  const [value] = error.metadata.get(DETAILS_HEADER);
  if (!(value instanceof Buffer)) return undefined;
  try {
    return decodeDetails(Status.decode(value).details);
  } catch {
    // Details of another server need not be ours; the status and its text still tell what happened.
    return undefined;
  }
}
