import { randomUUID } from 'node:crypto';
import { openControlDatabase, requireSchema } from '@floe/database';
import { FloeError } from '@floe/errors';
import { openSecurity, startRpcServer } from '@floe/rpc';
import { createZones } from '@floe/schedule';
import { createReadiness, startDuty, type FloeEnvironment, type Service } from '@floe/service';
import { useTaskPackages } from '@floe/tasks';
import { createLogger, startTelemetry } from '@floe/telemetry';
import { FOLLOW_EVERY_MS } from './limits.ts';
import { startNotices } from './notices/start-notices.ts';
import { metadataServices } from './rpc/index.ts';
import { followAll } from './store/old-tables/follow-runs.ts';
import { VERSION } from './version.ts';

/** Starts a metadata service. Any number may share a control database. */
export async function startMetadata(environment: FloeEnvironment): Promise<Service> {
  const { databaseUrl } = environment;
  if (databaseUrl === undefined) {
    throw new FloeError('CONFIGURATION_INVALID', 'the metadata service needs FLOE_DATABASE_URL', {
      hint: 'Set it, or run everything embedded with: floe up',
    });
  }
  await useTaskPackages(environment.taskPackages);
  const log = createLogger('floe-metadata', { level: environment.logLevel });
  const telemetry = await startTelemetry({
    serviceName: 'floe-metadata',
    instanceId: randomUUID(),
    version: VERSION,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  const security = await openSecurity(environment, log);
  const database = openControlDatabase({
    url: databaseUrl,
    role: 'floe_metadata',
    applicationName: 'floe-metadata',
  });
  await requireSchema(database);
  const { gatewayUrl } = environment;
  const context = { db: database.db, log, gatewayUrl, random: Math.random, newId: randomUUID };
  const notices = await startNotices(context, environment);
  const checkReady = createReadiness({ 'the control database': () => database.ping() });
  const following = startDuty({
    name: 'follow runs',
    everyMs: FOLLOW_EVERY_MS,
    run: (signal) => followAll(database, log, signal),
    onError: (error) => log.warn({ err: error }, 'the old tables do not follow the runs for now'),
  });
  const server = await startRpcServer({
    checkReady,
    security,
    listen: environment.metadataListen,
    services: metadataServices({
      db: database.db,
      log,
      zones: createZones(),
      httpHosts: environment.httpHosts ?? [],
    }),
    log,
    telemetry,
  });
  return {
    name: 'floe-metadata',
    addresses: { grpc: server.address },
    checkReady,
    async stop() {
      await server.stop();
      await notices[Symbol.asyncDispose]();
      await following.stop();
      await telemetry.stop();
      await database.close();
      security[Symbol.dispose]();
    },
  };
}
