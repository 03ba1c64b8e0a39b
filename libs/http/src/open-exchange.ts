import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { hostOf, lookupFor, requireReachable } from './checked-lookup.ts';
import type { HttpProxy, HttpTls } from './endpoint.ts';
import type { KeptConnections } from './kept-connections.ts';
import { openTunnel, proxyHeaders, proxyPlace } from './proxy.ts';

export type Exchange = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string | Uint8Array;
};

export type ExchangeOptions = {
  /** Hosts, as names or addresses, that may be internal. */
  readonly allowedHosts: readonly string[];
  /** Ends the exchange at any time, also while the answer is read. */
  readonly signal: AbortSignal;
  /** Names are then looked up by the proxy, which decides where they may lead; addresses are judged here as ever. */
  readonly proxy?: HttpProxy | undefined;
  readonly tls?: HttpTls | undefined;
  /** Absent: the connection is for this exchange alone. */
  readonly kept?: KeptConnections | undefined;
};

/**
 * Sends one request and resolves when the head of its answer is there; whoever called reads the body or destroys it.
 * No redirect is followed. Throws AddressRefused, ProxyRefused, or what Node says of the connection.
 */
export async function openExchange(
  exchange: Exchange,
  options: ExchangeOptions,
): Promise<IncomingMessage> {
  requireReachable(exchange.url, options.allowedHosts);
  options.signal.throwIfAborted();
  const { proxy } = options;
  if (proxy === undefined) return goStraight(exchange, options);
  if (exchange.url.protocol === 'http:')
    return answerOf(passedOn(exchange, { ...options, proxy }), exchange);
  const tunnel = await openTunnel(exchange.url, { ...options, proxy });
  return answerOf(within(tunnel, exchange, options), exchange);
}

async function goStraight(exchange: Exchange, options: ExchangeOptions): Promise<IncomingMessage> {
  const outgoing = straight(exchange, options);
  try {
    return await answerOf(outgoing, exchange);
  } catch (thrown) {
    const isCut = (thrown as { readonly code?: unknown }).code === 'ECONNRESET';
    if (!outgoing.reusedSocket || !isCut || options.signal.aborted) throw thrown;
    // A server may close a connection at any time that nothing is on its way: only a new one tells whether it is there.
    return answerOf(straight(exchange, { ...options, kept: undefined }), exchange);
  }
}

function answerOf(outgoing: ClientRequest, { body }: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    // No tunnel is asked for, and none is taken.
    outgoing.on('upgrade', (_response, socket) => socket.destroy());
    outgoing.end(body);
  });
}

function straight({ url, method, headers }: Exchange, options: ExchangeOptions): ClientRequest {
  const { allowedHosts, signal, kept } = options;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const lookup = lookupFor(url, allowedHosts);
  const agent = kept?.agentFor(url) ?? false;
  return request(url, { method, headers, agent, signal, lookup, ...trustOf(options) });
}

/** Without a tunnel the proxy is asked for the whole address. */
function passedOn(
  { url, method, headers }: Exchange,
  options: ExchangeOptions & { readonly proxy: HttpProxy },
): ClientRequest {
  const all = { host: url.host, ...headers, ...proxyHeaders(options.proxy) };
  return httpRequest({ ...proxyPlace(options), method, path: url.href, headers: all });
}

function within(
  socket: Duplex,
  { url, method, headers }: Exchange,
  options: ExchangeOptions,
): ClientRequest {
  const host = hostOf(url);
  const servername = isIP(host) === 0 ? host : '';
  const createConnection = () => connectTls({ socket, host, servername, ...trustOf(options) });
  return httpsRequest(url, { method, headers, signal: options.signal, createConnection });
}

function trustOf({ tls }: ExchangeOptions): Pick<RequestOptions, 'ca' | 'cert' | 'key'> {
  if (tls === undefined) return {};
  const { ca, certificate, key } = tls;
  return { ...(ca !== '' && { ca }), ...(certificate !== '' && { cert: certificate, key }) };
}
