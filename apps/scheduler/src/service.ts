import { randomUUID } from 'node:crypto';
import { connectBus } from '@floe/bus';
import { openControlDatabase, requireSchema, type ControlDatabase } from '@floe/database';
import { FloeError } from '@floe/errors';
import { createRpcClient, openSecurity, startRpcServer } from '@floe/rpc';
import { LoadService } from '@floe/rpc/internal-contracts';
import { createZones } from '@floe/schedule';
import {
  createReadiness,
  startDuty,
  type Duty,
  type FloeEnvironment,
  type Service,
} from '@floe/service';
import { useTaskPackages } from '@floe/tasks';
import { createLogger, newSpanId, startTelemetry, type Log } from '@floe/telemetry';
import { startFollowing, startScheduling, type Timers } from '@floe/scheduling';
import { keepHistory, prepareHistory, type HistorySettings } from './history/keep-history.ts';
import { EXECUTOR_FORGET_MS } from './limits.ts';
import { natsPublisher } from './publish/nats-publisher.ts';
import { schedulerServices } from './rpc/index.ts';
import { relaysOf } from './runs/children.ts';
import { PlanCache } from './runs/plan-cache.ts';
import { newRunId } from './runs/new-run-id.ts';
import { targetsThrough } from './runs/targets.ts';
import {
  LEDGER_CLEAR_INTERVAL_MS,
  LEDGER_CLEAR_SLOTS_MAX,
  SLOT_KEEP_DAYS,
} from './schedules/limits.ts';
import { slotRun } from './schedules/slot-run.ts';
import { pgRunStore } from './store/pg-run-store.ts';
import { clearSlots } from './store/schedules/claim-schedules.ts';
import { pgScheduleStore } from './store/schedules/pg-schedule-store.ts';
import { forgetRunEnds } from './store/forget-run-ends.ts';
import { forgetExecutors } from './store/record-executor.ts';
import { VERSION } from './version.ts';

// Executors that are long gone do no harm but in lists.
const FORGET_INTERVAL_MS = 60_000;
// Partitions are made days ahead; what is left for the next time is a bounded piece of work.
const HISTORY_INTERVAL_MS = 60_000;
// An export takes milliseconds; a collector that needs longer would hold up the stop.
const STOP_TRACES_MS = 5_000;

/** Starts a scheduler. Any number may share a control database; none needs to know of the others. */
export async function startScheduler(environment: FloeEnvironment): Promise<Service> {
  const { databaseUrl, natsUrls } = environment;
  if (databaseUrl === undefined || natsUrls === undefined) {
    throw new FloeError(
      'CONFIGURATION_INVALID',
      'the scheduler needs FLOE_DATABASE_URL and FLOE_NATS_URL',
      {
        hint: 'Set both, or run everything embedded with: floe up',
      },
    );
  }
  await useTaskPackages(environment.taskPackages);
  const log = createLogger('floe-scheduler', { level: environment.logLevel });
  const telemetry = await startTelemetry({
    serviceName: 'floe-scheduler',
    instanceId: randomUUID(),
    version: VERSION,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  const security = await openSecurity(environment, log);
  const database = openControlDatabase({
    url: databaseUrl,
    role: 'floe_scheduler',
    applicationName: 'floe-scheduler',
  });
  const { db } = database;
  const history = { width: environment.historyPartition, keepDays: environment.retentionDays };
  await requireSchema(database);
  await prepareHistory({ database }, history);
  const bus = await connectBus({
    urls: natsUrls,
    access: environment.natsAccess,
    name: 'floe-scheduler',
    log,
  });
  const store = pgRunStore(database);
  const plans = new PlanCache(db);
  const metadata = createRpcClient(LoadService, {
    addresses: [environment.metadataAddress],
    name: 'metadata',
    tls: security.tls,
  });
  const scheduling = startScheduling({
    store,
    publisher: natsPublisher({ bus, db, log, exportsTraces: telemetry.isExporting }),
    planOf: plans.get,
    timers: REAL_TIME,
    chance: { random: Math.random, newSpanId },
    log,
    relays: (committer) => relaysOf({ database, plans, committer, newId: newRunId }),
    targets: targetsThrough(metadata),
  });
  const { committer } = scheduling;
  const zones = createZones();
  const checkReady = createReadiness({
    'the control database': () => database.ping(),
    NATS: () => bus.requireConnection(),
  });
  const server = await startRpcServer({
    checkReady,
    security,
    listen: environment.schedulerListen,
    services: schedulerServices({ database, db, store, committer, plans, zones, newId: newRunId }),
    log,
    telemetry,
  });
  const slotContext = { db, plans, zones, newId: newRunId };
  const following = startFollowing(
    {
      store: pgScheduleStore(db, process.versions.tz ?? 'unknown'),
      committer,
      runOfSlot: (wanted) => slotRun(slotContext, wanted),
      newId: randomUUID,
      zones,
      log,
    },
    REAL_TIME,
  );
  const duties = startDuties({ database, log, history });
  return {
    name: 'floe-scheduler',
    addresses: { grpc: server.address },
    checkReady,
    async stop() {
      await Promise.all([following, ...duties].map((duty) => duty.stop()));
      committer.closeOffers();
      await server.stop();
      await scheduling.pause();
      await scheduling.flush(STOP_TRACES_MS);
      metadata.close();
      await bus.stop();
      await telemetry.stop();
      await database.close();
      security[Symbol.dispose]();
    },
  };
}

/** What a scheduler does from time to time besides deciding. */
function startDuties(context: {
  readonly database: ControlDatabase;
  readonly log: Log;
  readonly history: HistorySettings;
}): Duty[] {
  const { database, log, history } = context;
  const { db } = database;
  const duty = (name: string, everyMs: number, run: () => Promise<void>) =>
    startDuty({ name, everyMs, run, onError: (error) => reportFailure(log, name, error) });
  return [
    duty('clear the ledger', LEDGER_CLEAR_INTERVAL_MS, async () => {
      await clearSlots(db, SLOT_KEEP_DAYS, LEDGER_CLEAR_SLOTS_MAX);
      await forgetRunEnds(db, LEDGER_CLEAR_SLOTS_MAX);
    }),
    duty('keep the history', HISTORY_INTERVAL_MS, () => keepHistory({ database, log }, history)),
    duty('forget executors', FORGET_INTERVAL_MS, () => forgetExecutors(db, EXECUTOR_FORGET_MS)),
  ];
}

function reportFailure(log: Log, name: string, error: FloeError): void {
  log.warn({ err: error, duty: name }, `duty failed and will be tried again: ${error.message}`);
}

const REAL_TIME: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
