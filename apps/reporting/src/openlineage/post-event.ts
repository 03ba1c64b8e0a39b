import { FloeError } from '@floe/errors';
import { retrying } from '@floe/service';

export type LineageEndpoint = { readonly url: URL; readonly apiKey: string | undefined };

// Where the collectors that people run listen.
const STANDARD_PATH = '/api/v1/lineage';
const POST_WITHIN_MS = 10_000;
// Together some seconds: a collector that is away for longer is asked again when the run comes again.
const TRIES_MAX = 4;
const RETRY_BASE_MS = 200;
const RETRY_MAX_MS = 2_000;
// Too busy, or too early: the same event again may be taken.
const RETRYABLE = new Set([408, 425, 429]);

export function lineageUrl(text: string): URL {
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = STANDARD_PATH;
  return url;
}

/** Throws SERVICE_UNAVAILABLE when it may be taken later, ARGUMENT_INVALID when it never will. */
export async function postEvent(endpoint: LineageEndpoint, body: string): Promise<void> {
  await retrying(() => post(endpoint, body), {
    attempts: TRIES_MAX,
    baseMs: RETRY_BASE_MS,
    maxMs: RETRY_MAX_MS,
    isRetryable: (error) => error instanceof FloeError && error.isRetryable,
  });
}

async function post({ url, apiKey }: LineageEndpoint, body: string): Promise<void> {
  const status = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(POST_WITHIN_MS),
  }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status;
    },
    (cause: unknown) => {
      throw new FloeError('SERVICE_UNAVAILABLE', `${url.host} takes no lineage`, { cause });
    },
  );
  if (status < 300) return;
  const isRetryable = status >= 500 || RETRYABLE.has(status);
  const code = isRetryable ? 'SERVICE_UNAVAILABLE' : 'ARGUMENT_INVALID';
  throw new FloeError(code, `${url.host} answered ${status} to an event of lineage`);
}
