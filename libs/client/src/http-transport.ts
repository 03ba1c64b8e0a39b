import { FloeError } from '@floe/errors';
import { problemToError } from './problem.ts';

export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

export type TransportOptions = {
  readonly baseUrl: URL;
  readonly fetch: FetchFunction;
  readonly traceparent: string | undefined;
  readonly token: string | undefined;
};

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type QueryValue = string | number | boolean | readonly string[] | undefined;

export type CallOptions = {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Requests to one gateway. */
export type Transport = {
  /** Sends JSON and reads JSON. Rejects with a FloeError. */
  call(method: HttpMethod, path: string, options?: CallOptions): Promise<unknown>;
  /** Opens a stream of server-sent events; the signal ends it. Rejects with a FloeError. */
  openEvents(
    path: string,
    options: CallOptions & { readonly signal: AbortSignal },
  ): Promise<EventBody>;
};

export type EventBody = ReadableStream<Uint8Array>;

// The server answers each call within 30 s; one that has not by now never will.
const CALL_TIMEOUT_MS = 35_000;

export function createTransport(transport: TransportOptions): Transport {
  return {
    async call(method, path, options = {}) {
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      const response = await send(
        transport,
        requestOf(transport, { method, path, options, signal }),
      );
      return readJson(response, transport.baseUrl);
    },
    async openEvents(path, options) {
      const headers = { ...options.headers, accept: 'text/event-stream' };
      const { signal } = options;
      const request = requestOf(transport, {
        method: 'GET',
        path,
        options: { ...options, headers },
        signal,
      });
      const response = await send(transport, request);
      if (response.body === null) throw notFloe(response, transport.baseUrl);
      return response.body;
    },
  };
}

type Request = { readonly url: URL; readonly init: RequestInit };

type RequestParts = {
  readonly method: HttpMethod;
  readonly path: string;
  readonly options: CallOptions;
  readonly signal: AbortSignal;
};

function requestOf(transport: TransportOptions, parts: RequestParts): Request {
  const { method, path, options, signal } = parts;
  const headers = new Headers(options.headers);
  if (!headers.has('accept')) headers.set('accept', 'application/json');
  if (transport.token !== undefined) headers.set('authorization', `Bearer ${transport.token}`);
  if (transport.traceparent !== undefined) headers.set('traceparent', transport.traceparent);
  const init: RequestInit = { method, headers, signal };
  if (options.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(options.body);
  }
  return { url: urlOf(transport.baseUrl, path, options.query ?? {}), init };
}

function urlOf(baseUrl: URL, path: string, query: Readonly<Record<string, QueryValue>>): URL {
  const url = new URL(`${baseUrl.pathname.replace(/\/$/, '')}${path}`, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === 'object' ? value : [value];
    for (const one of values) {
      if (one !== undefined) url.searchParams.append(snakeCase(name), String(one));
    }
  }
  return url;
}

/** Query parameters are written as in `proto/floe/v1`. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

async function send(transport: TransportOptions, request: Request): Promise<Response> {
  let response: Response;
  try {
    response = await transport.fetch(request.url.href, request.init);
  } catch (thrown) {
    throw toTransportError(thrown, transport.baseUrl);
  }
  if (!response.ok) throw await errorOf(response, transport.baseUrl);
  return response;
}

/** What it means that a request or its answer broke off. */
export function toTransportError(thrown: unknown, baseUrl: URL): FloeError {
  if (thrown instanceof FloeError) return thrown;
  if (thrown instanceof Error && thrown.name === 'TimeoutError') {
    return new FloeError('DEADLINE_EXCEEDED', `${baseUrl.origin} did not answer in time`, {
      cause: thrown,
    });
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new FloeError('CANCELLED', 'the caller gave up', { cause: thrown });
  }
  return new FloeError(
    'SERVICE_UNAVAILABLE',
    `no Floe answers at ${baseUrl.origin}: ${reasonOf(thrown)}`,
    {
      cause: thrown,
      details: { url: baseUrl.origin },
      hint: mendOf(thrown),
    },
  );
}

// What OpenSSL and Node call a certificate that cannot be trusted.
const UNTRUSTED =
  /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/;

// What they say of a server that answers a TLS handshake with something else, and of one that hangs up on HTTP.
const NO_TLS = 'ERR_SSL_WRONG_VERSION_NUMBER';
const HUNG_UP = 'UND_ERR_SOCKET';

function mendOf(thrown: unknown): string {
  const code = codeOf(thrown);
  if (code === NO_TLS) return 'Its address begins with http:// where it has no certificate.';
  if (code === HUNG_UP)
    return 'Something else may listen there, or its address begins with https://.';
  if (UNTRUSTED.test(code))
    return 'Its certificate is not trusted: name its authority in --ca-file or FLOE_GATEWAY_CA, programs in NODE_EXTRA_CA_CERTS.';
  return 'Start it with `floe up`, or give the address of one that runs.';
}

function codeOf(thrown: unknown): string {
  const inner = thrown instanceof Error ? thrown.cause : undefined;
  return inner instanceof Error ? String(Reflect.get(inner, 'code')) : '';
}

/** `fetch` says only "fetch failed"; its cause says why. */
function reasonOf(thrown: unknown): string {
  if (codeOf(thrown) === NO_TLS) return 'it does not speak TLS';
  if (!(thrown instanceof Error)) return String(thrown);
  const inner = thrown.cause;
  if (!(inner instanceof Error)) return thrown.message;
  const code: unknown = Reflect.get(inner, 'code');
  if (inner.message !== '') return inner.message;
  return typeof code === 'string' ? code : thrown.message;
}

async function errorOf(response: Response, baseUrl: URL): Promise<FloeError> {
  const text = await readText(response, baseUrl);
  return problemToError(parseJson(text)) ?? notFloe(response, baseUrl);
}

async function readJson(response: Response, baseUrl: URL): Promise<unknown> {
  const value = parseJson(await readText(response, baseUrl));
  if (value === undefined) throw notFloe(response, baseUrl);
  return value;
}

async function readText(response: Response, baseUrl: URL): Promise<string> {
  try {
    return await response.text();
  } catch (thrown) {
    throw toTransportError(thrown, baseUrl);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Something that is no Floe may answer with any text; the caller reports it by its status.
    return undefined;
  }
}

function notFloe(response: Response, baseUrl: URL): FloeError {
  const message = `${baseUrl.origin} answered ${response.status} in a form that is not Floe's`;
  return new FloeError('SERVICE_UNAVAILABLE', message, {
    details: { url: baseUrl.origin, status: String(response.status) },
    hint: 'Another program may listen there, or a proxy may stand between; check the address.',
  });
}
