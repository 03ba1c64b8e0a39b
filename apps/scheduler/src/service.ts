import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { connectBus } from '@floe/bus';
import { openControlDatabase } from '@floe/database';
import { FloeError } from '@floe/errors';
import { startRpcServer } from '@floe/rpc';
import { createZones } from '@floe/schedule';
import { startDuty, type Duty, type FloeEnvironment, type Service } from '@floe/service';
import { createLogger, startTelemetry, type Log } from '@floe/telemetry';
import { RunCommitter } from './commit/run-committer.ts';
import { endExpiredLeases, reconcile, wakeDueRuns, type DutyContext } from './duties/run-duties.ts';
import { DUTY_INTERVAL_MS, MESSAGE_ROWS_MAX, TRACE_ROWS_MAX } from './limits.ts';
import { OutboxLane } from './outbox/outbox-lane.ts';
import { sendMessages } from './outbox/send-messages.ts';
import { sendTraces } from './outbox/send-traces.ts';
import { schedulerServices } from './rpc/index.ts';
import { PlanCache } from './runs/plan-cache.ts';
import { newRunId } from './runs/new-run-id.ts';
import { advanceBackfills } from './schedules/advance-backfills.ts';
import type { ScheduleContext } from './schedules/context.ts';
import {
  BACKFILL_INTERVAL_MS,
  LEDGER_CLEAR_INTERVAL_MS,
  SCHEDULE_INTERVAL_MS,
} from './schedules/limits.ts';
import { clearLedger, followSchedules } from './schedules/schedule-duties.ts';
import { VERSION } from './version.ts';

// One for the committer, one for the duties, the rest for RPCs that read.
const CONNECTIONS_MAX = 8;
// Republishing hints and forgetting executors is housekeeping: it need not run with every look at the leases.
const RECONCILE_INTERVAL_MS = 2_000;
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
  const log = createLogger('floe-scheduler', { level: environment.logLevel });
  const telemetry = startTelemetry({
    serviceName: 'floe-scheduler',
    instanceId: randomUUID(),
    version: VERSION,
    onProblem: (error) => log.warn({ err: error }, 'spans are not accepted'),
  });
  const database = openControlDatabase({
    url: databaseUrl,
    role: 'floe_scheduler',
    applicationName: 'floe-scheduler',
    connectionsMax: CONNECTIONS_MAX,
  });
  const { db } = database;
  const bus = await connectBus({ urls: natsUrls, name: 'floe-scheduler', log });
  const messages = new OutboxLane({
    db,
    log,
    kinds: ['hint', 'control', 'event'],
    rowsMax: MESSAGE_ROWS_MAX,
    send: (rows) => sendMessages({ bus, log }, rows),
  });
  const traces = new OutboxLane({
    db,
    log,
    kinds: ['trace'],
    rowsMax: TRACE_ROWS_MAX,
    send: (rows) => sendTraces({ db, log }, rows),
  });
  const plans = new PlanCache(db);
  const committer = new RunCommitter({
    db,
    plans,
    random: Math.random,
    onCommitted: (rows) => {
      messages.push(rows);
      traces.push(rows);
    },
  });
  const zones = createZones();
  const server = await startRpcServer({
    listen: environment.schedulerListen,
    services: schedulerServices({ db, committer, plans, zones, newId: newRunId }),
    log,
    telemetry,
  });
  const schedules = {
    db,
    log,
    committer,
    plans,
    newId: newRunId,
    zones,
    tzdataVersion: process.versions.tz ?? 'unknown',
  };
  const duties = startDuties({ db, committer, log, schedules }, { messages, traces });
  return {
    name: 'floe-scheduler',
    addresses: { grpc: server.address },
    async stop() {
      await Promise.all(duties.map((duty) => duty.stop()));
      await server.stop();
      await committer.idle();
      await messages.stop();
      // What a silent collector has not taken by then stays in the outbox for the next scheduler.
      await Promise.race([traces.stop(), delay(STOP_TRACES_MS, undefined, { ref: false })]);
      await bus.stop();
      await telemetry.stop();
      await database.close();
    },
  };
}

type Lanes = { readonly messages: OutboxLane; readonly traces: OutboxLane };

type Duties = DutyContext & { readonly schedules: ScheduleContext };

function startDuties(context: Duties, lanes: Lanes): Duty[] {
  const duty = (name: string, everyMs: number, run: () => Promise<void>) =>
    startDuty({ name, everyMs, run, onError: (error) => reportFailure(context.log, name, error) });
  return [
    duty('wake due runs', DUTY_INTERVAL_MS, () => wakeDueRuns(context)),
    duty('end expired leases', DUTY_INTERVAL_MS, () => endExpiredLeases(context)),
    duty('reconcile', RECONCILE_INTERVAL_MS, () => reconcile(context)),
    duty('follow schedules', SCHEDULE_INTERVAL_MS, () => followSchedules(context.schedules)),
    duty('advance backfills', BACKFILL_INTERVAL_MS, () => advanceBackfills(context.schedules)),
    duty('clear the ledger', LEDGER_CLEAR_INTERVAL_MS, () => clearLedger(context.schedules)),
    duty('adopt messages', DUTY_INTERVAL_MS, () => lanes.messages.adopt()),
    duty('adopt traces', RECONCILE_INTERVAL_MS, () => lanes.traces.adopt()),
  ];
}

function reportFailure(log: Log, name: string, error: FloeError): void {
  log.warn({ err: error, duty: name }, `duty failed and will be tried again: ${error.message}`);
}
