/**
 * A request and the redirects that follow it.
 *
 *   R1. Each place is checked as the first was, and there are at most `redirectsMax`; then the answer is the redirect.
 *   R2. What is for the first server alone (`ownHeaders`: credentials and what the caller wrote; `tls`: who asks, and whom
 *       to trust) goes to no other.
 *   R3. From https nothing goes to http.
 */
import type { IncomingMessage } from 'node:http';
import { openExchange, type Exchange, type ExchangeOptions } from './open-exchange.ts';

export type HttpRequest = Exchange & {
  /** Sent to the server of `url` only. */
  readonly ownHeaders: Readonly<Record<string, string>>;
};

export type SendOptions = ExchangeOptions & { readonly redirectsMax: number };

export type HttpAnswer = {
  readonly response: IncomingMessage;
  readonly status: number;
  /** Where the answer came from. */
  readonly url: URL;
  readonly redirects: number;
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export async function sendRequest(request: HttpRequest, options: SendOptions): Promise<HttpAnswer> {
  let current: Exchange = request;
  for (let redirects = 0; ; redirects += 1) {
    const isOwn = current.url.origin === request.url.origin;
    const headers = isOwn ? { ...current.headers, ...request.ownHeaders } : current.headers;
    // R2
    const tls = isOwn ? options.tls : undefined;
    const response = await openExchange({ ...current, headers }, { ...options, tls });
    const status = response.statusCode ?? 0;
    const next = redirects < options.redirectsMax ? follow(current, response) : undefined;
    if (next === undefined) return { response, status, url: current.url, redirects };
    response.destroy();
    current = next;
  }
}

/** The request that a redirect asks for; undefined when the answer is none that can be followed. */
function follow(
  current: Exchange,
  { statusCode = 0, headers }: IncomingMessage,
): Exchange | undefined {
  if (!REDIRECTS.has(statusCode) || headers.location === undefined) return undefined;
  const url = URL.parse(headers.location, current.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  // R3
  if (current.url.protocol === 'https:' && url.protocol === 'http:') return undefined;
  url.username = '';
  url.password = '';
  return becomesGet(statusCode, current.method) ? asGet(current, url) : { ...current, url };
}

/** As browsers do: 303 asks to look elsewhere, and 301 and 302 of a POST have come to mean the same. */
function becomesGet(status: number, method: string): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return status === 303 || ((status === 301 || status === 302) && method === 'POST');
}

function asGet({ headers }: Exchange, url: URL): Exchange {
  const kept = Object.entries(headers).filter(
    ([name]) => !name.toLowerCase().startsWith('content-'),
  );
  return { url, method: 'GET', headers: Object.fromEntries(kept) };
}
