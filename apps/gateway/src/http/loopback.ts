/**
 * Who may talk to a gateway that has no tokens yet: programs on this machine, and pages that it served itself.
 *
 * A web page from elsewhere can make a browser on this machine send requests to it. Such a request shows itself by its
 * Host (a name that was made to point here: DNS rebinding) or by its Origin (cross-site request forgery).
 */
import { isIPv4 } from 'node:net';
import { FloeError } from '@floe/errors';

export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}

/** The parts of a request that say where it comes from. */
export type RequestOrigin = {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
};

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Throws REQUEST_REFUSED for a request that a foreign page may have caused. */
export function checkOrigin(request: RequestOrigin): void {
  if (!isLoopbackHost(hostNameOf(`http://${request.host ?? ''}`))) {
    throw new FloeError(
      'REQUEST_REFUSED',
      `the gateway does not answer to the host '${request.host ?? ''}'`,
      {
        hint: 'Use http://127.0.0.1 or http://localhost with the port of the gateway.',
      },
    );
  }
  if (READS.has(request.method) || request.origin === undefined) return;
  if (request.origin === `http://${request.host ?? ''}`) return;
  throw new FloeError(
    'REQUEST_REFUSED',
    `pages of '${request.origin}' may not change anything here`,
    {
      hint: 'Use the console that the gateway serves itself, the command line or a program.',
    },
  );
}

function hostNameOf(url: string): string {
  return URL.parse(url)?.hostname ?? '';
}
