import { join } from 'node:path';
import { createFloeClient } from '@floe/client';
import type { TargetAddress } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { findServer, stateDirOf, tokenOf } from '../server/find-server.ts';
import { namedNats } from '../server/find-nats.ts';
import { databaseAddress, readEndpoints } from '../server/read-endpoints.ts';
import { failed, type Finding } from './check.ts';
import { checkDatabase } from './check-database.ts';
import { checkJetStream } from './check-jetstream.ts';
import { checkDisk, checkNode, checkPorts, isFree } from './check-machine.ts';
import { checkNats } from './check-nats.ts';
import { checkReplica } from './check-replica.ts';
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
  const client = createFloeClient({ baseUrl: url, ...tokenOf(env) });
  const { findings: services, schedulers } = await checkServices(client, url);
  const named = await checkNamedStores(env, schedulers ?? schedulersOf(env));
  // Whose processes run has them looked at, above all when the gateway does not answer as it should.
  const isUp = services.every(({ result }) => result === 'ok') || (await runsHere(endpoints));
  const embedded = isUp
    ? await checkStores(endpoints, { stateDir, schedulers })
    : [await checkPorts(DEFAULT_PORTS)];
  const parts = named.length > 0 ? named : embedded;
  return [checkNode(), ...(await checkDisks(stateDir, env)), ...parts, ...services];
}

/** Where the state is, and where the outputs of tasks are, when that is another folder of this machine. */
async function checkDisks(
  stateDir: string,
  env: CommandContext['env'],
): Promise<readonly Finding[]> {
  const datasets = env['FLOE_DATASET_DIR'] ?? '';
  const folders = datasets === '' ? [stateDir] : [stateDir, datasets];
  return Promise.all(folders.map(checkDisk));
}

/** Whether a part of the Floe that was started here last still listens. */
async function runsHere(endpoints: Endpoints | undefined): Promise<boolean> {
  if (endpoints === undefined) return false;
  const { gateway, postgres, nats } = endpoints;
  const ports = [...[gateway, nats].map((url) => Number(new URL(url).port)), postgres.port];
  const free = await Promise.all(ports.map(isFree));
  return free.includes(false);
}

/** PostgreSQL and NATS of an embedded Floe. */
async function checkStores(
  endpoints: Endpoints | undefined,
  { stateDir, schedulers }: { stateDir: string; schedulers: number | undefined },
): Promise<readonly Finding[]> {
  if (endpoints === undefined) return [];
  const address = await databaseAddress(endpoints, endpoints.postgres.controlDatabase);
  const place = {
    urls: [endpoints.nats],
    access: {},
    configFile: join(stateDir, 'nats.conf'),
  };
  const nats = await checkNats(endpoints.nats);
  // A client that nobody greets keeps its socket, and the command would never end.
  const streams = nats.result === 'failed' ? [] : await checkJetStream(place);
  return [...(await checkDatabase(address, schedulers)), nats, ...streams];
}

/** Those that the environment names, as it does for the services of a deployment: also while these are down. */
async function checkNamedStores(
  env: CommandContext['env'],
  schedulers: number,
): Promise<readonly Finding[]> {
  const database = await checkNamedDatabase(env, schedulers);
  const named = env['FLOE_NATS_URL'] ?? '';
  return named === '' ? database : [...database, ...(await checkNamedNats(env))];
}

async function checkNamedNats(env: CommandContext['env']): Promise<readonly Finding[]> {
  const place = { ...namedNats(env), monitorUrl: env['FLOE_NATS_MONITOR_URL'] };
  const servers = await Promise.all(place.urls.map(checkNats));
  const isThere = servers.some(({ result }) => result !== 'failed');
  return isThere ? [...servers, ...(await checkJetStream(place))] : servers;
}

async function checkNamedDatabase(
  env: CommandContext['env'],
  schedulers: number,
): Promise<readonly Finding[]> {
  const [text, replicaText] = [env['FLOE_DATABASE_URL'], env['FLOE_REPORTING_DATABASE_URL']];
  if (text === undefined || text === '') return [];
  const url = URL.parse(text);
  const mend = 'Write it like postgres://user@host:5432/floe.';
  if (url === null) return [failed('postgres', 'FLOE_DATABASE_URL is no address', mend)];
  const findings = await checkDatabase(addressOf(url), schedulers);
  if (replicaText === undefined || replicaText === '') return findings;
  const replica = URL.parse(replicaText);
  if (replica !== null)
    return [...findings, await checkReplica(addressOf(url), addressOf(replica))];
  return [...findings, failed('replica', 'FLOE_REPORTING_DATABASE_URL is no address', mend)];
}

function schedulersOf(env: CommandContext['env']): number {
  return (env['FLOE_SCHEDULER_ADDRESS'] ?? '').split(',').length;
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
