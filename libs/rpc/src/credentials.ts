import { isIP, isIPv4 } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { ChannelCredentials, ServerCredentials, experimental } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import type { TlsIdentity } from './tls-identity.ts';

export type ServerSecurity = {
  /** Callers have to show a certificate of its authority. Absent: whoever reaches the port is answered. */
  readonly tls?: TlsIdentity | undefined;
  /** True where the network itself lets nobody else in: then it may listen without TLS beyond this machine. */
  readonly allowsPlaintext?: boolean | undefined;
};

/** Throws CONFIGURATION_INVALID when others than this machine could call without saying who they are. */
export function serverCredentials(listen: string, security: ServerSecurity): ServerCredentials {
  const { tls, allowsPlaintext = false } = security;
  if (tls !== undefined) {
    return experimental.createCertificateProviderServerCredentials(tls, tls, true);
  }
  if (allowsPlaintext || isLoopback(listen)) return ServerCredentials.createInsecure();
  throw new FloeError(
    'CONFIGURATION_INVALID',
    `it would listen on ${listen}, which is not this machine only, without TLS`,
    {
      details: { address: listen },
      hint:
        'Set FLOE_TLS_CERT, FLOE_TLS_KEY and FLOE_TLS_CA, or listen on 127.0.0.1. ' +
        'Where the network itself encrypts and lets nobody else in, set FLOE_PLAINTEXT=anywhere.',
    },
  );
}

export type ChannelSecurity = {
  readonly credentials: ChannelCredentials;
  readonly options: Readonly<Record<string, string>>;
};

// TLS can say names only. What is said for an address is looked at by nobody: no such name can exist.
const NAME_OF_ADDRESS = 'address.invalid';

/** How to connect to `host:port`: its certificate has to name the host. */
export function channelSecurity(address: string, tls: TlsIdentity | undefined): ChannelSecurity {
  if (tls === undefined) return { credentials: ChannelCredentials.createInsecure(), options: {} };
  const host = hostOf(address);
  const make = experimental.createCertificateProviderChannelCredentials;
  if (isIP(host) === 0) return { credentials: make(tls, tls), options: {} };
  const verify = {
    checkServerIdentity: (_: string, certificate: PeerCertificate) =>
      checkServerIdentity(host, certificate),
  };
  return {
    credentials: make(tls, tls, verify),
    options: { 'grpc.ssl_target_name_override': NAME_OF_ADDRESS },
  };
}

function isLoopback(listen: string): boolean {
  const host = hostOf(listen).toLowerCase();
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
