import type { Log } from '@floe/telemetry';
import type { ServerSecurity } from './credentials.ts';
import { openTlsIdentity, type TlsFiles } from './tls-identity.ts';

/** What the servers and clients of one process share. */
export type RpcSecurity = ServerSecurity & Disposable;

export type SecuritySettings = {
  readonly tls: TlsFiles | undefined;
  readonly plaintext: 'loopback' | 'anywhere';
};

/** Throws CONFIGURATION_INVALID when the files of the certificate cannot work. */
export async function openSecurity(
  { tls: files, plaintext }: SecuritySettings,
  log: Log,
): Promise<RpcSecurity> {
  const tls = files === undefined ? undefined : await openTlsIdentity(files, { log });
  const allowsPlaintext = plaintext === 'anywhere';
  return { tls, allowsPlaintext, [Symbol.dispose]: () => tls?.[Symbol.dispose]() };
}
