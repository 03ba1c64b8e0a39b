import { createFloeClient } from '@floe/client';
import type { TargetAddress } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { findServer, stateDirOf, tokenOf } from '../server/find-server.ts';
import { databaseAddress, readEndpoints } from '../server/read-endpoints.ts';
import { failed, type Finding } from './check.ts';
import { checkDatabase } from './check-database.ts';
import { checkDisk, checkNode, checkPorts } from './check-machine.ts';
import { checkNats } from './check-nats.ts';
import { checkServices } from './check-services.ts';

// What `floe up` listens on when nothing else is said: gateway, metadata, scheduler, reporting, two executors, NATS,
// PostgreSQL.
const DEFAULT_PORTS = [7400, 7401, 7402, 7403, 7411, 7412, 7422, 7432];

/** Everything that can be checked from here, in the order in which a person would look. */
export async function examine(
  options: GlobalOptions,
  { env }: CommandContext,
): Promise<readonly Finding[]> {
  const stateDir = stateDirOf(options, env);
  const endpoints = await readEndpoints(stateDir);
  const { url } = await findServer(options, env);
  const services = await checkServices(createFloeClient({ baseUrl: url, ...tokenOf(env) }), url);
  const isUp = services.every(({ result }) => result === 'ok');
  const named = await checkNamedStores(env);
  const embedded = isUp ? await checkStores(endpoints) : [await checkPorts(DEFAULT_PORTS)];
  const parts = named.length > 0 ? named : embedded;
  return [checkNode(), await checkDisk(stateDir), ...parts, ...services];
}

/** PostgreSQL and NATS of an embedded Floe. */
async function checkStores(endpoints: Endpoints | undefined): Promise<readonly Finding[]> {
  if (endpoints === undefined) return [];
  const address = await databaseAddress(endpoints, endpoints.postgres.controlDatabase);
  return [...(await checkDatabase(address)), await checkNats(endpoints.nats)];
}

/** Those that the environment names, as it does for the services of a deployment: also while these are down. */
async function checkNamedStores(env: CommandContext['env']): Promise<readonly Finding[]> {
  const database = await checkNamedDatabase(env['FLOE_DATABASE_URL']);
  const natsUrls = (env['FLOE_NATS_URL'] ?? '').split(',').map((url) => url.trim());
  const nats = await Promise.all(natsUrls.filter((url) => url !== '').map(checkNats));
  return [...database, ...nats];
}

async function checkNamedDatabase(text: string | undefined): Promise<readonly Finding[]> {
  if (text === undefined || text === '') return [];
  const url = URL.parse(text);
  if (url !== null) return checkDatabase(addressOf(url));
  const mend = 'Write it like postgres://user@host:5432/floe.';
  return [failed('postgres', 'FLOE_DATABASE_URL is no address', mend)];
}

function addressOf(url: URL): TargetAddress {
  const { hostname, port, username, password, pathname, searchParams } = url;
  const needsTls = /^(?:require|verify-)/.test(searchParams.get('sslmode') ?? '');
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(needsTls && { sslMode: 'require' }),
  };
}
