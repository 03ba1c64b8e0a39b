import { randomUUID } from 'node:crypto';
import { openControlDatabase, requireSchema } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { FloeError } from '@floe/errors';
import { openSecurity } from '@floe/rpc';
import { startDuty } from '@floe/service';
import type { FloeEnvironment, Service } from '@floe/service';
import { createLogger, startTelemetry } from '@floe/telemetry';
import type { Log } from '@floe/telemetry';
import manifest from '../package.json' with { type: 'json' };
import { Doorkeeper } from './access/doorkeeper.ts';
import { ensureFirstToken } from './access/first-token.ts';
import { WorkflowLimits } from './access/workflow-limits.ts';
import { AuditLog } from './audit/audit-log.ts';
import { openClients } from './clients.ts';
import { HealthChecks } from './health.ts';
import { createServer } from './http/create-server.ts';
import { drain } from './http/drain.ts';
import { RATE_LIMITS } from './http/limits.ts';
import type { RateLimits } from './http/limits.ts';
import { StreamSlots } from './http/stream-slots.ts';
import type { HostPolicy } from './http/origin.ts';
import { bind, doorAddress, listenAddress } from './listen.ts';
import type { Listen } from './listen.ts';
import { localAnswers } from './local-answers.ts';
import { sweepDeeds } from './store/audit.ts';
import { openGatewayCertificate } from './tls/gateway-certificate.ts';
import type { GatewayCertificate } from './tls/gateway-certificate.ts';
import { openHttpDoor } from './tls/http-door.ts';
import type { HttpDoor } from './tls/http-door.ts';
import { deleteDeadTokens, findToken, noteTokenUse } from './store/tokens.ts';

export type GatewayOverrides = {
  readonly log?: Log;
  /** Where the built console is; its place in the workspace when absent. */
  readonly consoleFolder?: string;
  /** How many event streams may be open at once; 500 when absent. */
  readonly streamsMax?: number;
  /** How long a stream may be silent; 10 s when absent. */
  readonly heartbeatMs?: number;
  readonly rates?: RateLimits;
  /** How often the files of the certificate are read; a minute when absent. */
  readonly readCertificateMs?: number;
};

const NAME = 'floe-gateway';
const HTTPS_PORT = 443;

// Each stream holds a socket and a gRPC call; this is a hundred people with five tabs, and a few more.
const STREAMS_MAX = 600;
// Clients take three of these as the end of a connection.
const HEARTBEAT_MS = 10_000;
const SWEEP_EVERY_MS = 600_000;

/**
 * Starts the gateway; it answers once this resolves. The services behind it may come later: `/readyz` tells. Throws
 * CONFIGURATION_INVALID, DATABASE_UNAVAILABLE, SCHEMA_INCOMPATIBLE or PORT_TAKEN, and then nothing of it is left running.
 */
export async function startGateway(
  env: FloeEnvironment,
  overrides: GatewayOverrides = {},
): Promise<Service> {
  const listen = listenAddress(env);
  const doorListen = doorAddress(env);
  await using owned = new AsyncDisposableStack();
  const log = overrides.log ?? createLogger(NAME, { level: env.logLevel });
  const telemetry = await startTelemetry({
    serviceName: NAME,
    instanceId: randomUUID(),
    version: manifest.version,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  owned.use(telemetry);
  const { tls } = owned.use(await openSecurity(env, log));
  const certificate = await openCertificate(env, { owned, log, overrides });
  const database = await openDatabase(env, owned, log);
  const clients = owned.adopt(openClients(env, tls), (opened) => opened.close());
  const health = owned.adopt(new HealthChecks(env, tls), (checks) => checks.close());
  const audit = owned.adopt(new AuditLog(database, log), (opened) => opened.settle());
  const doorkeeper = openDoorkeeper(env, database, log);
  const slots = new StreamSlots(overrides.streamsMax ?? STREAMS_MAX);
  const heartbeatMs = overrides.heartbeatMs ?? HEARTBEAT_MS;
  const app = await createServer({
    context: {
      clients,
      local: localAnswers({ env, version: manifest.version, health, database, doorkeeper }),
      limits: new WorkflowLimits(clients),
      slots,
      log,
      heartbeatMs,
    },
    guard: { doorkeeper, audit, hosts: hostPolicy(env), rates: overrides.rates ?? RATE_LIMITS },
    telemetry,
    log,
    consoleFolder: overrides.consoleFolder,
    certificate,
  });
  owned.adopt(app, (server) => drain(server, { health, slots }));
  owned.use(
    startDuty({
      name: 'review streams',
      everyMs: heartbeatMs,
      run: () =>
        slots.review(({ authorization, address }) => doorkeeper.wouldAdmit(authorization, address)),
      onError: (error) => log.warn({ err: error }, 'who holds a stream was not asked again'),
    }),
  );
  const address = await bind(app, listen);
  const door = await openDoor(doorListen, { httpsAddress: address, hosts: hostPolicy(env) });
  if (door !== undefined) owned.use(door);
  const running = owned.move();
  const addresses = { http: address, ...(door && { redirect: door.address }) };
  return { name: NAME, addresses, stop: () => running.disposeAsync() };
}

type CertificateParts = {
  readonly owned: AsyncDisposableStack;
  readonly log: Log;
  readonly overrides: GatewayOverrides;
};

async function openCertificate(
  { gatewayTls }: FloeEnvironment,
  { owned, log, overrides: { readCertificateMs: readEveryMs } }: CertificateParts,
): Promise<GatewayCertificate | undefined> {
  if (gatewayTls === undefined) return undefined;
  const options = { log, ...(readEveryMs !== undefined && { readEveryMs }) };
  return owned.use(await openGatewayCertificate(gatewayTls, options));
}

type DoorParts = { readonly httpsAddress: string; readonly hosts: HostPolicy };

async function openDoor(
  listen: Listen | undefined,
  { httpsAddress, hosts }: DoorParts,
): Promise<HttpDoor | undefined> {
  if (listen === undefined) return undefined;
  const httpsPort = Number(new URL(`https://${httpsAddress}`).port || HTTPS_PORT);
  return openHttpDoor({ listen, hosts, httpsPort });
}

async function openDatabase(
  env: FloeEnvironment,
  owned: AsyncDisposableStack,
  log: Log,
): Promise<ControlDatabase | undefined> {
  const isRequired = env.tokens === 'required';
  if (env.databaseUrl === undefined) {
    if (isRequired) throw missingDatabase();
    log.warn('no FLOE_DATABASE_URL: no audit log is kept, and no tokens');
    return undefined;
  }
  const opened = openControlDatabase({
    url: env.databaseUrl,
    role: 'floe_gateway',
    applicationName: NAME,
  });
  const database = owned.adopt(opened, (open) => open.close());
  await requireSchema(database);
  if (isRequired) {
    const path = await ensureFirstToken(database, env.stateDir, new Date());
    if (path !== undefined) log.warn({ path }, 'the first token of an administrator is in a file');
  }
  owned.use(
    startDuty({
      name: 'sweep',
      everyMs: SWEEP_EVERY_MS,
      run: () => sweep(database),
      onError: (error) => log.warn({ err: error }, 'old entries of the audit log stay for now'),
    }),
  );
  return database;
}

async function sweep(database: ControlDatabase): Promise<void> {
  await deleteDeadTokens(database);
  // What is left is for the next pass.
  await sweepDeeds(database);
}

function missingDatabase(): FloeError {
  return new FloeError(
    'CONFIGURATION_INVALID',
    'FLOE_TOKENS is required, and FLOE_DATABASE_URL is not set',
    {
      details: { variable: 'FLOE_DATABASE_URL' },
      hint: 'Tokens are kept in the control database: set its address for the gateway, too.',
    },
  );
}

function openDoorkeeper(
  env: FloeEnvironment,
  database: ControlDatabase | undefined,
  log: Log,
): Doorkeeper {
  const source = database && {
    find: (sha256: Buffer) => findToken(database, sha256),
    noteUse: (tokenId: string, address: string) => noteTokenUse(database, tokenId, address),
  };
  return new Doorkeeper({
    source,
    isRequired: env.tokens === 'required',
    now: () => Date.now(),
    onProblem: (error) => log.warn({ err: error }, 'the last use of a token was not noted'),
  });
}

/** An address is no name that could be made to point here; without tokens there is loopback only. */
function hostPolicy(env: FloeEnvironment): HostPolicy {
  return {
    names: new Set(env.gatewayHosts ?? []),
    allowsAddresses: env.tokens === 'required',
  };
}
