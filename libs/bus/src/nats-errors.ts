import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { FloeError } from '@floe/errors';

/** The stream does not exist: JetStream was wiped, or this is the first start. */
export function isStreamMissing(thrown: unknown): boolean {
  if (!(thrown instanceof JetStreamApiError)) return false;
  return thrown.code === JetStreamApiCodes.StreamNotFound;
}

export function busUnavailable(what: string, cause: unknown): FloeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FloeError('BUS_UNAVAILABLE', `${what}: ${reason}`, {
    cause,
    hint: 'check that nats-server runs with JetStream and can be reached',
  });
}
