import { isHeaderName } from '@floe/http';
import { referencesIn } from '@floe/workflow/references';
import { z } from 'zod';

// What servers and what stands before them take of an address.
const URL_LENGTH_MAX = 8_000;
const HEADER_VALUE_LENGTH_MAX = 4_000;
// More headers than this are a body.
const HEADERS_MAX = 64;
const QUERY_MAX = 200;

// Neither a line break nor any other control character; what HTTP calls obsolete text stays out as well.
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** What the request says of itself, or of the connection: Floe writes these. */
const OWN_HEADERS = new Set(
  (
    'host content-length transfer-encoding connection keep-alive proxy-connection upgrade te trailer expect ' +
    'accept-encoding traceparent tracestate idempotency-key'
  ).split(' '),
);
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

export function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}

export const urlField = () => z.string().min(1).max(URL_LENGTH_MAX);

const headerName = z.string().superRefine((name, context) => {
  const problem = problemOfHeader(name);
  if (problem === undefined) return;
  const { message, hint } = problem;
  context.addIssue({ code: 'custom', message, params: { hint } });
});

function problemOfHeader(name: string) {
  if (!isHeaderName(name)) {
    return { message: `"${name}" is no name of a header`, hint: 'Write it like X-Tenant.' };
  }
  if (OWN_HEADERS.has(name.toLowerCase())) {
    return { message: `Floe writes the header ${name} itself`, hint: 'Leave it out.' };
  }
  if (!SECRET_HEADERS.has(name.toLowerCase())) return undefined;
  const hint =
    'Keep the secret in a connection: floe connections set NAME https://... --secret ...';
  return { message: `a secret like ${name} stands in no document`, hint };
}

export const headersField = () =>
  z
    .record(
      headerName,
      z.string().max(HEADER_VALUE_LENGTH_MAX).refine(isHeaderValue, {
        error:
          'has a character that no header may hold; letters, digits and signs of ASCII can stand there',
      }),
    )
    .refine((headers) => Object.keys(headers).length <= HEADERS_MAX, {
      error: `names more than ${HEADERS_MAX} headers`,
    })
    .optional();

const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const queryField = () =>
  z
    .record(z.string().min(1), z.union([scalar, z.array(scalar)]))
    .refine((query) => Object.keys(query).length <= QUERY_MAX, {
      error: `names more than ${QUERY_MAX} parameters`,
    })
    .optional();

export const formField = () => z.record(z.string().min(1), scalar).optional();

type UrlConfig = { readonly url: string; readonly connection?: string | undefined };

/** What is wrong with an address before any value is in it. */
export function problemOfUrl({ url, connection }: UrlConfig) {
  const filled = withoutReferences(url);
  if (url.includes('#'))
    return problem('has a fragment, which no server is sent', 'Leave out `#`.');
  if (filled.split(/[?]/, 1)[0]!.split('/').some(isDots))
    return problem('has a step like `..` in its path', 'Write the path that is meant.');
  return connection === undefined ? problemOfAddress(url) : problemOfPath(filled);
}

function problemOfAddress(url: string) {
  const origin = /^https?:\/\/[^/?]*/i.exec(url)?.[0];
  if (origin === undefined)
    return problem('is no address', 'Write https://..., or name a `connection` and a path of it.');
  if (referencesIn(origin).length > 0 || origin.includes('${{'))
    return problem(
      'takes the server from a parameter, so that a run could be sent anywhere',
      'Write the server, or name a `connection`; values may stand in the path and behind `?`.',
    );
  const parsed = URL.parse(withoutReferences(url));
  if (parsed === null) return problem('is no address', 'Write it like https://api.example.com/v1.');
  if (parsed.username === '' && parsed.password === '') return undefined;
  return problem('holds a user or a password', 'Keep them in a connection.');
}

function problemOfPath(path: string) {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(path) && !path.startsWith('//') && !path.includes('\\'))
    return undefined;
  return problem('is no path', 'With a `connection` write what follows its address, like /orders.');
}

function problem(message: string, hint: string) {
  return { message, hint };
}

/** A step that leads up, as servers and clients understand it. */
export function isDots(step: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(step);
}

function withoutReferences(url: string): string {
  return referencesIn(url).reduceRight(
    (text, { start, end }) => `${text.slice(0, start)}x${text.slice(end)}`,
    url,
  );
}
