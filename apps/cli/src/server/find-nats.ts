import { FloeError } from '@floe/errors';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { stateDirOf } from './find-server.ts';
import { readEndpoints } from './read-endpoints.ts';

/** FLOE_NATS_URL, or that of the `floe up` of the state folder. Throws CONFIGURATION_INVALID when there is neither. */
export async function findNats(
  options: GlobalOptions,
  { env }: Pick<CommandContext, 'env'>,
): Promise<readonly string[]> {
  const given = env['FLOE_NATS_URL'] ?? '';
  if (given !== '') return given.split(',').map((url) => url.trim());
  const endpoints = await readEndpoints(stateDirOf(options, env));
  if (endpoints !== undefined) return [endpoints.nats];
  throw new FloeError('CONFIGURATION_INVALID', 'there is no address of NATS', {
    hint: 'Set FLOE_NATS_URL, or --state-dir to the folder of a floe up.',
  });
}
