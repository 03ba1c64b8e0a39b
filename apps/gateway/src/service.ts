import { randomUUID } from 'node:crypto';
import { FloeError } from '@floe/errors';
import { parseAddress } from '@floe/service';
import type { FloeEnvironment, Service } from '@floe/service';
import { createLogger, startTelemetry } from '@floe/telemetry';
import type { Log } from '@floe/telemetry';
import type { FastifyInstance } from 'fastify';
import manifest from '../package.json' with { type: 'json' };
import { openClients } from './clients.ts';
import { HealthChecks } from './health.ts';
import { createServer } from './http/create-server.ts';
import { isLoopbackHost } from './http/loopback.ts';
import { StreamSlots } from './http/stream-slots.ts';
import { buildOpenApi } from './openapi.ts';
import type { LocalName } from './routes/system-routes.ts';

export type GatewayOverrides = {
  readonly log?: Log;
  /** Where the built console is; its place in the workspace when absent. */
  readonly consoleFolder?: string;
  /** How many event streams may be open at once; 500 when absent. */
  readonly streamsMax?: number;
  /** How long a stream may be silent; 10 s when absent. */
  readonly heartbeatMs?: number;
};

const NAME = 'floe-gateway';

// Each stream holds a socket and a gRPC call; this is a hundred people with five tabs.
const STREAMS_MAX = 500;
// Clients take three of these as the end of a connection.
const HEARTBEAT_MS = 10_000;

/**
 * Starts the gateway; it answers once this resolves. The services behind it may come later: `/readyz` tells. Throws
 * CONFIGURATION_INVALID or PORT_TAKEN, and then nothing of it is left running.
 */
export async function startGateway(
  env: FloeEnvironment,
  overrides: GatewayOverrides = {},
): Promise<Service> {
  const listen = loopbackAddress(env.gatewayListen);
  await using owned = new AsyncDisposableStack();
  const log = overrides.log ?? createLogger(NAME, { level: env.logLevel });
  const telemetry = startTelemetry({
    serviceName: NAME,
    instanceId: randomUUID(),
    version: manifest.version,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  owned.use(telemetry);
  const clients = owned.adopt(openClients(env), (opened) => opened.close());
  const health = owned.adopt(new HealthChecks(env), (checks) => checks.close());
  const context = {
    clients,
    local: localAnswers(env, health),
    slots: new StreamSlots(overrides.streamsMax ?? STREAMS_MAX),
    log,
    heartbeatMs: overrides.heartbeatMs ?? HEARTBEAT_MS,
  };
  const app = await createServer({
    context,
    telemetry,
    log,
    consoleFolder: overrides.consoleFolder,
  });
  owned.adopt(app, (server) => server.close());
  const address = await bind(app, listen);
  const running = owned.move();
  return { name: NAME, addresses: { http: address }, stop: () => running.disposeAsync() };
}

function localAnswers(
  env: FloeEnvironment,
  health: HealthChecks,
): Readonly<Record<LocalName, () => Promise<object>>> {
  const openApi = buildOpenApi(manifest.version);
  const system = {
    version: manifest.version,
    services: {
      metadata: env.metadataAddress,
      scheduler: env.schedulerAddresses.join(','),
      reporting: env.reportingAddress,
    },
    jaegerUrl: env.jaegerUrl ?? '',
  };
  return {
    getSystem: async () => system,
    getOpenapi: async () => openApi,
    getHealth: async () => ({ status: 'up' }),
    getReadiness: async () => {
      await health.check();
      return { status: 'ready' };
    },
  };
}

type Listen = { readonly host: string; readonly port: number };

/** Without tokens everybody who can reach the gateway could do anything, so only this machine may reach it. */
function loopbackAddress(text: string): Listen {
  const address = parseAddress(text);
  if (address !== undefined && isLoopbackHost(address.host)) return address;
  throw new FloeError(
    'CONFIGURATION_INVALID',
    `FLOE_GATEWAY_LISTEN is '${text}', which is not this machine only`,
    {
      details: { variable: 'FLOE_GATEWAY_LISTEN' },
      hint: 'This version has no tokens yet: listen on 127.0.0.1 and reach it through an SSH tunnel.',
    },
  );
}

async function bind(app: FastifyInstance, listen: Listen): Promise<string> {
  try {
    const url = new URL(await app.listen(listen));
    return url.host;
  } catch (thrown) {
    throw listenError(thrown, `${listen.host}:${listen.port}`);
  }
}

function listenError(thrown: unknown, address: string): FloeError {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
  if (code === 'EADDRINUSE') {
    return new FloeError('PORT_TAKEN', `another process listens on ${address}`, {
      cause: thrown,
      details: { address },
      hint: 'Stop the other process, or set FLOE_GATEWAY_LISTEN to another port.',
    });
  }
  return new FloeError('CONFIGURATION_INVALID', `the gateway cannot listen on ${address}`, {
    cause: thrown,
    details: { address, ...(typeof code === 'string' ? { code } : {}) },
    hint: 'Set FLOE_GATEWAY_LISTEN to a loopback address of this machine, like 127.0.0.1:7400.',
  });
}
