import { randomUUID } from 'node:crypto';
import { connectBus } from '@floe/bus';
import { openControlDatabase, requireSchema } from '@floe/database';
import { FloeError } from '@floe/errors';
import { openSecurity, startRpcServer } from '@floe/rpc';
import { createReadiness, type FloeEnvironment, type Service } from '@floe/service';
import { createLogger, startTelemetry } from '@floe/telemetry';
import type { Log } from '@floe/telemetry';
import manifest from '../package.json' with { type: 'json' };
import { LineageLane, type LineageLaneOptions } from './openlineage/lineage-lane.ts';
import { lineageUrl } from './openlineage/post-event.ts';
import { Approvals } from './overview/approvals.ts';
import { TrendMemory } from './overview/trend-memory.ts';
import { RunCounts } from './run-counts.ts';
import { NodeCounts } from './store/legacy/node-counts.ts';
import { EventContexts } from './watch/event-contexts.ts';
import { createLegacyService } from './rpc/legacy-service.ts';
import { createReportingService } from './rpc/index.ts';

export type ReportingOverrides = {
  readonly log?: Log;
  readonly now?: () => number;
};

const NAME = 'floe-reporting';

// A name, not an address: OpenLineage wants producers to be URIs.
const PRODUCER = 'urn:floe:reporting';

/**
 * Starts the reporting service; it answers once this resolves. Throws CONFIGURATION_INVALID, DATABASE_UNAVAILABLE,
 * BUS_UNAVAILABLE or PORT_TAKEN, and then nothing of it is left running.
 */
export async function startReporting(
  env: FloeEnvironment,
  overrides: ReportingOverrides = {},
): Promise<Service> {
  await using owned = new AsyncDisposableStack();
  const log = overrides.log ?? createLogger(NAME, { level: env.logLevel });
  const telemetry = await startTelemetry({
    serviceName: NAME,
    instanceId: randomUUID(),
    version: manifest.version,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  owned.use(telemetry);
  const security = owned.use(await openSecurity(env, log));
  const database = openControlDatabase({
    url: required(env.reportingDatabaseUrl, 'FLOE_DATABASE_URL'),
    role: 'floe_reporting',
    applicationName: NAME,
  });
  owned.defer(() => database.close());
  await requireSchema(database);
  const bus = await connectBus({
    urls: required(env.natsUrls, 'FLOE_NATS_URL'),
    access: env.natsAccess,
    name: NAME,
    log,
  });
  owned.use(bus);
  const { jaegerUrl = '' } = env;
  const { db } = database;
  const eventContexts = new EventContexts(db);
  const trends = new TrendMemory(db);
  const approvals = new Approvals(db);
  const now = overrides.now ?? Date.now;
  const runCounts = new RunCounts(db, now);
  const nodeCounts = new NodeCounts(database, now);
  const known = { eventContexts, trends, approvals, runCounts, nodeCounts };
  const deps = { ...known, db, database, bus, log, now, jaegerUrl };
  const services = [createReportingService(deps), createLegacyService(deps)];
  const checkReady = createReadiness({
    'the control database': () => database.ping(),
    NATS: () => bus.requireConnection(),
  });
  const listen = env.reportingListen;
  const server = await startRpcServer({ listen, services, log, telemetry, checkReady, security });
  owned.use(server);
  if (env.openLineageUrl !== undefined) owned.use(startLineage(env, { bus, db, log }));
  const running = owned.move();
  const addresses = { grpc: server.address };
  return { name: NAME, addresses, checkReady, stop: () => running.disposeAsync() };
}

/** Taken down first: it reads through all the rest. */
function startLineage(
  env: FloeEnvironment,
  parts: Pick<LineageLaneOptions, 'bus' | 'db' | 'log'>,
): LineageLane {
  const url = lineageUrl(required(env.openLineageUrl, 'FLOE_OPENLINEAGE_URL'));
  const endpoint = { url, apiKey: env.openLineageApiKey };
  const producer = `${PRODUCER}:${manifest.version}`;
  return new LineageLane({ ...parts, endpoint, producer, jobNamespace: env.openLineageNamespace });
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value !== undefined) return value;
  throw new FloeError('CONFIGURATION_INVALID', `${name} is not set`, {
    details: { variable: name },
    hint: `Set ${name}, or use \`floe up\`, which starts all that is needed.`,
  });
}
