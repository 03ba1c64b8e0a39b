import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostOf, lookUpBounded, lookUpPublic, requireReachable } from './checked-lookup.ts';

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
};

/**
 * Sends one request and resolves when the head of its answer is there; whoever called reads the body or destroys it.
 * No redirect is followed. Throws AddressRefused, or what Node says of the connection.
 */
export async function openExchange(
  { url, method, headers, body }: Exchange,
  { allowedHosts, signal }: ExchangeOptions,
): Promise<IncomingMessage> {
  requireReachable(url, allowedHosts);
  signal.throwIfAborted();
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const lookup = allowedHosts.includes(hostOf(url)) ? lookUpBounded : lookUpPublic;
  return new Promise((resolve, reject) => {
    // A connection is not kept: the next one is looked at again.
    const outgoing = request(url, { method, headers, agent: false, signal, lookup });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    // No tunnel is asked for, and none is taken.
    outgoing.on('upgrade', (_response, socket) => socket.destroy());
    outgoing.end(body);
  });
}
