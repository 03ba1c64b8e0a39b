import { createFloeClient } from '@floe/client';
import type { Endpoints } from '@floe/embedded';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { findServer, stateDirOf, tokenOf } from '../server/find-server.ts';
import { databaseAddress, readEndpoints } from '../server/read-endpoints.ts';
import type { Finding } from './check.ts';
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
  const parts = isUp ? await checkStores(endpoints) : [await checkPorts(DEFAULT_PORTS)];
  return [checkNode(), await checkDisk(stateDir), ...parts, ...services];
}

/** PostgreSQL and NATS of an embedded Floe. Those of others are known to the services alone. */
async function checkStores(endpoints: Endpoints | undefined): Promise<readonly Finding[]> {
  if (endpoints === undefined) return [];
  const address = await databaseAddress(endpoints, endpoints.postgres.controlDatabase);
  return [...(await checkDatabase(address)), await checkNats(endpoints.nats)];
}
