import type { BusAccess } from '@floe/bus';
import { FloeError } from '@floe/errors';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { stateDirOf } from './find-server.ts';
import { tlsFilesOf } from './own-certificate.ts';
import { readEndpoints } from './read-endpoints.ts';

export type Nats = { readonly urls: readonly string[]; readonly access: BusAccess };

/** FLOE_NATS_URL, or that of the `floe up` of the state folder. Throws CONFIGURATION_INVALID when there is neither. */
export async function findNats(
  options: GlobalOptions,
  { env }: Pick<CommandContext, 'env'>,
): Promise<Nats> {
  const named = namedNats(env);
  if (named.urls.length > 0) return named;
  const endpoints = await readEndpoints(stateDirOf(options, env));
  if (endpoints !== undefined) return { urls: [endpoints.nats], access: {} };
  throw new FloeError('CONFIGURATION_INVALID', 'there is no address of NATS', {
    hint: 'Set FLOE_NATS_URL, or --state-dir to the folder of a floe up.',
  });
}

/** What the environment names, as it does for services; without an address where it names none. */
export function namedNats(env: CommandContext['env']): Nats {
  const urls = (env['FLOE_NATS_URL'] ?? '').split(',').map((url) => url.trim());
  return { urls: urls.filter((url) => url !== ''), access: accessOf(env) };
}

function accessOf(env: CommandContext['env']): BusAccess {
  const { certFile, keyFile, caFile } = tlsFilesOf(env) ?? {};
  return {
    credentialsFile: env['FLOE_NATS_CREDENTIALS'] || undefined,
    caFile: env['FLOE_NATS_CA'] || caFile,
    certFile,
    keyFile,
  };
}
