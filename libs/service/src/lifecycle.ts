/**
 * The edge between a service and its process: settings in, signals, exit code.
 *
 *   L1. A process that fails to start says why in words on stderr: exit code 2 for wrong settings, 1 for all else.
 *   L2. A supervisor that gave the process a channel is told `{ type: 'ready', addresses }` once, when it is.
 *   L3. SIGTERM and SIGINT stop the service; it has STOP_WITHIN_MS, then the process ends with 1.
 *   L4. When the supervisor dies the service works on for ORPHAN_GRACE_MS, then it stops by itself.
 *   L5. An error that nobody caught ends the process with 1: its state cannot be trusted; the supervisor restarts it.
 *   L6. Where it is told to, it answers Prometheus and probes as long as the service runs.
 */
import { type FloeError, toFloeError } from '@floe/errors';
import { createLogger, type Log } from '@floe/telemetry';
import { startMetricsServer } from './metrics-server.ts';
import { readEnvironment, type FloeEnvironment } from './environment.ts';

export type Service = {
  readonly name: string;
  /** What it listens on, by protocol or purpose, as `{ grpc: '127.0.0.1:7402' }`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Throws when it cannot work now; absent where it always can. */
  readonly checkReady?: () => Promise<void>;
  stop(): Promise<void>;
};

/** What the process tells its supervisor when it is ready. */
export type ReadyMessage = {
  readonly type: 'ready';
  readonly addresses: Readonly<Record<string, string>>;
};

// Kubernetes kills after 30 s by default; a stop that takes longer is stuck.
const STOP_WITHIN_MS = 30_000;
// Work in flight is finished and a person has time to start a new supervisor, which ends this process itself. Longer,
// and a forgotten one would hold its ports until the machine restarts.
const ORPHAN_GRACE_MS = 600_000;

const EXIT_FAILED = 1;
const EXIT_WRONG_SETTINGS = 2;

/** Runs a service as this process, until it is told to stop. All of `main.ts`. */
export async function runService(
  name: string,
  start: (env: FloeEnvironment) => Promise<Service>,
): Promise<void> {
  try {
    const env = readEnvironment(process.env);
    const log = createLogger(name, { level: env.logLevel });
    endOnStrayErrors(log);
    const service = await withMetrics(await start(env), env.metricsListen);
    stopOnRequest(service, log);
    process.send?.({ type: 'ready', addresses: service.addresses } satisfies ReadyMessage);
    log.info({ addresses: service.addresses }, `${name} is ready`);
  } catch (thrown) {
    const error = toFloeError(thrown);
    process.stderr.write(describeFailure(name, error));
    process.exit(error.code === 'CONFIGURATION_INVALID' ? EXIT_WRONG_SETTINGS : EXIT_FAILED);
  }
}

/** L6 */
async function withMetrics(service: Service, listen: string | undefined): Promise<Service> {
  if (listen === undefined) return service;
  try {
    const metrics = await startMetricsServer(listen, service.checkReady);
    const stop = async () => {
      await metrics[Symbol.asyncDispose]();
      await service.stop();
    };
    return { ...service, addresses: { ...service.addresses, metrics: metrics.address }, stop };
  } catch (thrown) {
    await service.stop();
    throw thrown;
  }
}

/** `floe-scheduler cannot start: ...`, with a line for each violation and one for the mend. */
function describeFailure(name: string, error: FloeError): string {
  const lines = [`${name} cannot start: ${error.message} (${error.code})`];
  for (const violation of error.violations) {
    const hint = violation.hint === undefined ? '' : ` (${violation.hint})`;
    lines.push(`  ${violation.field} ${violation.message}${hint}`);
  }
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  if (error.code === 'INTERNAL' && error.stack !== undefined) lines.push(error.stack);
  return `${lines.join('\n')}\n`;
}

function stopOnRequest(service: Service, log: Log): void {
  let isStopping = false;
  const stop = (reason: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, `${service.name} stops`);
    setTimeout(() => {
      log.error(`${service.name} did not stop within ${STOP_WITHIN_MS / 1000} s`);
      process.exit(EXIT_FAILED);
    }, STOP_WITHIN_MS).unref();
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, `${service.name} failed to stop`);
        process.exit(EXIT_FAILED);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.once('disconnect', () => {
    log.warn(
      `the supervisor is gone; ${service.name} works on for ${ORPHAN_GRACE_MS / 60_000} min`,
    );
    setTimeout(() => stop('the supervisor did not come back'), ORPHAN_GRACE_MS).unref();
  });
}

function endOnStrayErrors(log: Log): void {
  const end = (error: unknown) => {
    log.error({ err: error }, 'an error that nothing caught ends the process');
    process.exit(EXIT_FAILED);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
