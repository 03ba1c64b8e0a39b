/**
 * Which requests may have been caused by a foreign page.
 *
 * A web page from elsewhere can make a browser send requests to a gateway that the browser reaches. Such a request shows
 * itself by its Host (a name that was made to point here: DNS rebinding) or by its Origin (cross-site request forgery).
 * Where tokens are required it fails for want of one as well: browsers add none by themselves.
 */
import { isIP, isIPv4 } from 'node:net';
import { FloeError } from '@floe/errors';

export function isLoopbackHost(host: string): boolean {
  const name = plainHost(host);
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}

/** To which hosts the gateway answers, besides the names of loopback. */
export type HostPolicy = {
  /** In small letters. */
  readonly names: ReadonlySet<string>;
  /** Any address: nobody can make an address point elsewhere. */
  readonly allowsAddresses: boolean;
};

/** The parts of a request that say where it comes from. */
export type RequestOrigin = {
  readonly method: string;
  /** Whether it asks for a WebSocket: any page may read what comes over one. */
  readonly opensSocket: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
};

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Throws REQUEST_REFUSED for a request that a foreign page may have caused. */
export function checkOrigin(policy: HostPolicy, request: RequestOrigin): void {
  const host = request.host ?? '';
  if (!isKnownHost(policy, host)) {
    throw new FloeError('REQUEST_REFUSED', `the gateway does not answer to the host '${host}'`, {
      hint: 'Use http://127.0.0.1 with the port of the gateway, or name the host in FLOE_GATEWAY_HOSTS.',
    });
  }
  const isRead = READS.has(request.method) && !request.opensSocket;
  if (isRead || request.origin === undefined) return;
  // A proxy in front may speak TLS with the browser.
  if (request.origin === `http://${host}` || request.origin === `https://${host}`) return;
  throw new FloeError(
    'REQUEST_REFUSED',
    `pages of '${request.origin}' may neither change anything nor listen here`,
    { hint: 'Use the console that the gateway serves itself, the command line or a program.' },
  );
}

function isKnownHost({ names, allowsAddresses }: HostPolicy, host: string): boolean {
  const name = plainHost(URL.parse(`http://${host}`)?.hostname ?? '');
  return isLoopbackHost(name) || names.has(name) || (allowsAddresses && isIP(name) !== 0);
}

function plainHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}
