import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/nats-core';
import { FloeError, saidOf } from '@floe/errors';

/** The stream does not exist: JetStream was wiped, or this is the first start. */
export function isStreamMissing(thrown: unknown): boolean {
  if (!(thrown instanceof JetStreamApiError)) return false;
  return thrown.code === JetStreamApiCodes.StreamNotFound;
}

export function busUnavailable(what: string, cause: unknown): FloeError {
  const reason = saidOf(cause);
  return new FloeError('BUS_UNAVAILABLE', `${what}: ${reason}`, {
    cause,
    hint: hintOf(cause),
  });
}

/** Numbers of JetStream for "maximum bytes exceeded" and "insufficient resources". */
const FULL: ReadonlySet<number> = new Set([10_077, 10_047, 10_023]);

/** The client wraps what the server said when a request was refused. */
function hintOf(thrown: unknown): string {
  if (thrown instanceof errors.PermissionViolationError) {
    return 'the user of NATS may not do this (deploy/nats/authorization.conf); only schedulers make streams, so start one first';
  }
  if (thrown instanceof errors.AuthorizationError) {
    return 'nats-server does not know who this is: see FLOE_NATS_CREDENTIALS, or the user in FLOE_NATS_URL';
  }
  if (thrown instanceof JetStreamApiError && FULL.has(thrown.code)) {
    return 'the disk of JetStream, or what it may take of it, is full: see max_file_store of nats-server, and FLOE_DATASET_KEEP_HOURS';
  }
  if (thrown instanceof Error && thrown.cause !== undefined) return hintOf(thrown.cause);
  return 'check that nats-server runs with JetStream and can be reached';
}
