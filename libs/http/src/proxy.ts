/**
 * Requests through a proxy.
 *
 *   P1. The proxy is checked as a server is: it is public, or somebody has named it.
 *   P2. What is for a server of https goes through a tunnel, of which the proxy sees the name and the port alone.
 *   P3. What the proxy is let in by goes to the proxy alone.
 */
import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { hostOf, lookupFor, requireReachable } from './checked-lookup.ts';
import type { HttpProxy } from './endpoint.ts';

/** The proxy has not made a tunnel. */
export class ProxyRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered ${status}`);
    this.status = status;
  }
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

export type ProxyOptions = {
  readonly proxy: HttpProxy;
  readonly allowedHosts: readonly string[];
  readonly signal: AbortSignal;
};

/** Where a request goes that a proxy passes on. Throws AddressRefused. */
export function proxyPlace({ proxy, allowedHosts, signal }: ProxyOptions) {
  const url = new URL(proxy.url);
  // P1
  requireReachable(url, allowedHosts);
  const lookup = lookupFor(url, allowedHosts);
  return { host: hostOf(url), port: Number(url.port || HTTP_PORT), lookup, signal, agent: false };
}

/** P3 */
export function proxyHeaders({ secret }: HttpProxy): Readonly<Record<string, string>> {
  if (secret === '') return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(secret).toString('base64')}` };
}

/** P2. Throws ProxyRefused, AddressRefused, or what Node says of the connection. */
export function openTunnel(url: URL, options: ProxyOptions): Promise<Duplex> {
  const place = proxyPlace(options);
  const target = `${url.hostname}:${url.port || HTTPS_PORT}`;
  const headers = { host: target, ...proxyHeaders(options.proxy) };
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ ...place, method: 'CONNECT', path: target, headers });
    asked.on('connect', ({ statusCode = 0 }, socket, early) => {
      if (statusCode >= 200 && statusCode < 300 && early.length === 0) return resolve(socket);
      socket.destroy();
      reject(new ProxyRefused(statusCode));
    });
    // A proxy that answers as a server does has understood nothing.
    asked.on('response', (response) => {
      response.destroy();
      reject(new ProxyRefused(response.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end();
  });
}
