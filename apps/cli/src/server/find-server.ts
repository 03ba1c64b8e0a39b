import { resolve } from 'node:path';
import { createFloeClient, type FloeClient } from '@floe/client';
import type { CommandContext, Environment, GlobalOptions } from '../context.ts';
import { readEndpoints } from './read-endpoints.ts';

// Where `floe up` puts its gateway when nothing else is said.
const DEFAULT_SERVER = 'http://127.0.0.1:7400';
const DEFAULT_STATE_DIR = '.floe';

/** The address of the gateway, and whether a person named it: then nothing else is tried in its place. */
export type ServerAddress = { readonly url: string; readonly isGiven: boolean };

/** `--server`, FLOE_GATEWAY_URL, the running `floe up` of the state folder, the default address: in this order. */
export async function findServer(options: GlobalOptions, env: Environment): Promise<ServerAddress> {
  // An empty variable is none. An empty word is a mistake, as of a script whose variable is not set: it means no server.
  const given = options.server ?? (env['FLOE_GATEWAY_URL'] || undefined);
  if (given !== undefined) return { url: given, isGiven: true };
  const endpoints = await readEndpoints(stateDirOf(options, env));
  return { url: endpoints?.gateway ?? DEFAULT_SERVER, isGiven: false };
}

export function stateDirOf(options: GlobalOptions, env: Environment): string {
  return resolve(options.stateDir ?? env['FLOE_STATE_DIR'] ?? DEFAULT_STATE_DIR);
}

/** What a server that requires a token is sent: FLOE_TOKEN, if it is set. */
export function tokenOf(env: Environment): { readonly token?: string } {
  const token = env['FLOE_TOKEN']?.trim() ?? '';
  return token === '' ? {} : { token };
}

/** A client of the server that the options mean. Opens no connection by itself. */
export async function openClient(
  options: GlobalOptions,
  { env }: CommandContext,
): Promise<FloeClient> {
  const { url } = await findServer(options, env);
  return createFloeClient({ baseUrl: url, ...tokenOf(env) });
}
