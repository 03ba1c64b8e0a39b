import { FloeError } from '@floe/errors';
import {
  ACCEPTED_ENCODINGS,
  credentialHeaders,
  openExchange,
  toHttpError,
  type HttpEndpoint,
} from '@floe/http';

export type TryOptions = {
  /** Hosts of the own network that may be reached. */
  readonly allowedHosts: readonly string[];
  readonly withinMs: number;
};

/**
 * Asks for the base address of an API with its credentials, and says what answered. Any answer will do, for a base
 * address is rarely a page, except one that refuses the credentials. Errors: CREDENTIALS_REFUSED, those of HTTP.
 */
export async function tryEndpoint(
  endpoint: HttpEndpoint,
  { allowedHosts, withinMs }: TryOptions,
): Promise<string> {
  const signal = AbortSignal.timeout(withinMs);
  const url = new URL(endpoint.baseUrl);
  const headers = {
    'user-agent': 'floe',
    accept: '*/*',
    'accept-encoding': ACCEPTED_ENCODINGS,
    ...credentialHeaders(endpoint),
  };
  try {
    const request = { url, method: 'GET', headers };
    const response = await openExchange(request, {
      allowedHosts,
      signal,
      proxy: endpoint.proxy,
      tls: endpoint.tls,
    });
    response.destroy();
    return describe(url, response.statusCode ?? 0, String(response.headers.server ?? ''));
  } catch (thrown) {
    const place = `GET ${url.href}`;
    throw toHttpError(thrown, { place, withinMs, isLate: signal.aborted });
  }
}

// Servers that say more about themselves are cut short.
const SERVER_CHARACTERS_MAX = 60;

function describe(url: URL, status: number, server: string): string {
  if (status === 401 || status === 403) {
    throw new FloeError('CREDENTIALS_REFUSED', `${url.host} answered ${status}`, {
      hint: 'Check the user and the secret of the connection, and which header the API takes it in.',
    });
  }
  const name = server === '' ? '' : ` (${server.slice(0, SERVER_CHARACTERS_MAX)})`;
  return `HTTP ${status}${name}`;
}
