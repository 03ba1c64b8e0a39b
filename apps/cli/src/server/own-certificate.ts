import type { TlsFiles } from '@floe/rpc';
import type { CommandContext } from '../context.ts';

/** The certificate that services know commands by, where FLOE_TLS_CERT, FLOE_TLS_KEY and FLOE_TLS_CA name one. */
export function tlsFilesOf(env: CommandContext['env']): TlsFiles | undefined {
  const [certFile, keyFile, caFile] = [
    env['FLOE_TLS_CERT'],
    env['FLOE_TLS_KEY'],
    env['FLOE_TLS_CA'],
  ];
  return certFile && keyFile && caFile ? { certFile, keyFile, caFile } : undefined;
}
