import { FloeError, saidOf } from '@floe/errors';
import { AddressRefused } from './checked-lookup.ts';
import { ProxyRefused } from './proxy.ts';
import { BodyTooLarge } from './read-body.ts';
import { isPassing } from './retry-after.ts';

export type FailedExchange = {
  /** Method and address for people: without query and without secrets. */
  readonly place: string;
  /** That of the whole request. */
  readonly withinMs: number;
  readonly isLate: boolean;
};

/** Why a request has no answer. Errors: HTTP_FORBIDDEN, HTTP_ANSWER_TOO_LARGE, HTTP_TIMEOUT, HTTP_UNREACHABLE; of a proxy HTTP_REFUSED, HTTP_UNAVAILABLE. */
export function toHttpError(thrown: unknown, failed: FailedExchange): FloeError {
  if (thrown instanceof FloeError) return thrown;
  const { place, withinMs, isLate } = failed;
  const details = { request: place };
  if (thrown instanceof AddressRefused) return forbidden(thrown, place);
  if (thrown instanceof BodyTooLarge) return tooLarge(thrown, place);
  if (thrown instanceof ProxyRefused) return refusedByProxy(thrown, place);
  if (isLate) {
    return new FloeError('HTTP_TIMEOUT', `${place}: no whole answer within ${withinMs} ms`, {
      details,
      hint: 'Raise `request_timeout` where the server needs longer.',
    });
  }
  // Texts of Node name addresses and reasons, no headers and no bodies.
  const reason = saidOf(thrown);
  return new FloeError('HTTP_UNREACHABLE', `${place} has no answer: ${reason || codeOf(thrown)}`, {
    details,
    hint: CERTIFICATE_CODES.has(codeOf(thrown)) ? CERTIFICATE_HINT : REACH_HINT,
  });
}

const REACH_HINT = 'Check the address, and that the server is reached from where executors run.';
const CERTIFICATE_HINT =
  'Nobody who is trusted has signed its certificate: name its authority by `--ca` of the connection.';
const CERTIFICATE_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function refusedByProxy({ status }: ProxyRefused, place: string): FloeError {
  const code = isPassing(status) ? 'HTTP_UNAVAILABLE' : 'HTTP_REFUSED';
  return new FloeError(code, `${place}: the proxy answered ${status}`, {
    details: { request: place, status: String(status) },
    hint:
      status === 407
        ? 'It wants to know who asks: name USER:PASSWORD by `--proxy-secret` of the connection.'
        : 'Ask whoever runs the proxy whether it lets through to this server.',
  });
}

function forbidden({ host }: AddressRefused, place: string): FloeError {
  return new FloeError('HTTP_FORBIDDEN', `${place}: ${host} is within the network of Floe`, {
    details: { request: place, host },
    hint: `Name ${host} in FLOE_HTTP_HOSTS of the executors if workflows may reach it.`,
  });
}

function tooLarge({ bytesMax }: BodyTooLarge, place: string): FloeError {
  return new FloeError(
    'HTTP_ANSWER_TOO_LARGE',
    `${place}: the answer has more than ${bytesMax} bytes`,
    {
      details: { request: place, bytes_max: String(bytesMax) },
      hint: 'Raise `response_limit`, or ask for less at once.',
    },
  );
}

/** Connections to several addresses fail with an error that has no text. */
function codeOf(thrown: unknown): string {
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
