/**
 * What a gateway that speaks HTTPS says to those who come by HTTP.
 *
 *   D1. A browser that asks for a page is sent on to the same address by HTTPS, of a name that the gateway answers to.
 *   D2. All else is refused: a program that is sent on would send its token in the clear each time, and nobody would see it.
 *   D3. No body is read, and no connection is kept.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FloeError, toFloeError } from '@floe/errors';
import { checkOrigin, type HostPolicy } from '../http/origin.ts';
import { CONNECTIONS_MAX, HEADERS_TIMEOUT_MS, HEADER_BYTES_MAX } from '../http/limits.ts';
import { PROBLEM_TYPE, toProblem } from '../http/problem.ts';
import { listenError, type Listen } from '../listen.ts';

export type HttpDoor = AsyncDisposable & { readonly address: string };

export type HttpDoorOptions = {
  readonly listen: Listen;
  readonly hosts: HostPolicy;
  /** Where HTTPS is spoken. */
  readonly httpsPort: number;
};

const PERMANENTLY = 308;
const HTTPS_PORT = 443;

/** Throws PORT_TAKEN or CONFIGURATION_INVALID. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: HEADERS_TIMEOUT_MS,
    },
    (request, response) => answer(options, request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  const { host, port } = options.listen;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (thrown) {
    throw listenError(thrown, `${host}:${port}`, 'FLOE_GATEWAY_HTTP_LISTEN');
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `${host}:${bound}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(
  { hosts, httpsPort }: HttpDoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('connection', 'close');
  try {
    response
      .writeHead(PERMANENTLY, { location: secureAddress(request, { hosts, httpsPort }) })
      .end();
  } catch (thrown) {
    const problem = toProblem(toFloeError(thrown), '');
    const headers = { 'content-type': PROBLEM_TYPE };
    response.writeHead(problem.status, headers).end(JSON.stringify(problem));
  }
}

/** D1. Throws REQUEST_REFUSED (D2). */
function secureAddress(
  request: IncomingMessage,
  { hosts, httpsPort }: Pick<HttpDoorOptions, 'hosts' | 'httpsPort'>,
): string {
  const { method = '', headers, url = '/' } = request;
  if (headers.authorization !== undefined) throw inTheClear();
  if (method !== 'GET' && method !== 'HEAD') throw onlyHttps();
  checkOrigin(hosts, { method, opensSocket: false, host: headers.host, origin: undefined });
  const target = URL.parse(url, `http://${headers.host}`);
  if (target === null) throw onlyHttps();
  const port = httpsPort === HTTPS_PORT ? '' : `:${httpsPort}`;
  const { hostname } = new URL(`http://${headers.host}`);
  return `https://${hostname}${port}${target.pathname}${target.search}`;
}

function onlyHttps(): FloeError {
  return new FloeError('REQUEST_REFUSED', 'this gateway speaks HTTPS', {
    hint: 'Write https:// in the address of the gateway.',
  });
}

function inTheClear(): FloeError {
  return new FloeError(
    'REQUEST_REFUSED',
    'this gateway speaks HTTPS, and a token came in the clear',
    {
      hint: 'Write https:// in the address of the gateway, and revoke the token: others may have read it.',
    },
  );
}
