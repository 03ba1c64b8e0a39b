/**
 * All of Floe on one machine: PostgreSQL, nats-server and the services, each a process of its own, supervised.
 *
 *   E1. One per state folder, and every port is free, or nothing is started.
 *   E2. It resolves when every part is ready, and when one is not, nothing is left running.
 *   E3. Everything that lasts is in the state folder (and, for root below /root, in the folder that the start names).
 */
import { join, resolve } from 'node:path';
import { migrate } from '@floe/database';
import { FloeError, toFloeError } from '@floe/errors';
import { ensureDatabase } from './create-database.ts';
import {
  CONTROL_DATABASE,
  DEMO_DATABASE,
  describeEndpoints,
  gatewayUrl,
  listenAddress,
  portOf,
  writeEndpoints,
  type Endpoints,
} from './endpoints.ts';
import { ensureConsole } from './ensure-console.ts';
import { ensureNatsServer } from './ensure-nats-server.ts';
import { prepareFloePostgres, type FloePostgres } from './floe-postgres.ts';
import { lockFolder } from './lock.ts';
import { natsSpec } from './nats-server.ts';
import {
  EXECUTORS_MAX,
  planPorts,
  requireFreePorts,
  SCHEDULERS_MAX,
  type PortPlan,
} from './ports.ts';
import { serviceSpec, type ServiceApp } from './service-spec.ts';
import { openStateFolder } from './state-folder.ts';
import { Supervisor, type SupervisedProcess } from './supervisor.ts';
import { workspaceRoot } from './workspace-root.ts';

export type EmbeddedOptions = {
  readonly stateDir: string;
  /** The gateway's port; all others are counted from it. 7400 when absent. */
  readonly portBase?: number;
  /** 2 when absent. */
  readonly executors?: number;
  /** 1 when absent; more of them share the work. */
  readonly schedulers?: number;
  /** Of each executor; 2 when absent. */
  readonly slots?: number;
  /** Where the gateway listens; 127.0.0.1 when absent. Elsewhere it requires tokens (FLOE_TOKENS). */
  readonly gatewayHost?: string;
  /** The checkout that services and schema come from, or a link to it; the one that this code is of when absent. */
  readonly root?: string;
  /** Gets a line for everything that takes time or went wrong. */
  readonly report: (line: string) => void;
  /** The environment that services inherit, besides their `FLOE_*` settings; this process's own when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

export type EmbeddedFloe = {
  readonly endpoints: Endpoints;
  /** The addresses of all schedulers. */
  readonly schedulers: readonly string[];
  /** The control database, with the password in it. */
  readonly databaseUrl: string;
  /** An empty database for a demonstration, with the password in it. */
  readonly demoDatabaseUrl: string;
  processes(): SupervisedProcess[];
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const PORT_BASE = 7400;
const EXECUTORS = 2;
const SLOTS = 2;
// After a crash PostgreSQL refuses to start until the last process of the dead server is gone; a moment each time.
const POSTGRES_START_ATTEMPTS = 6;
// Settings of the person that hold for the embedded services too.
const PASSED_ON = [
  'FLOE_LOG_LEVEL',
  'FLOE_JAEGER_URL',
  'FLOE_EXECUTOR_LABELS',
  'FLOE_EXECUTOR_LIGHT',
  'FLOE_EXECUTOR_POOL',
  'FLOE_DATASET_DIR',
  'FLOE_DATASET_STORE',
  'FLOE_DATASET_KEEP_HOURS',
  'FLOE_TOKENS',
  'FLOE_GATEWAY_HOSTS',
  'FLOE_GATEWAY_TLS_CERT',
  'FLOE_GATEWAY_TLS_KEY',
  'FLOE_RETENTION',
  'FLOE_HISTORY_PARTITION',
  'FLOE_TASK_PACKAGES',
  'FLOE_SMTP_URL',
  'FLOE_MAIL_FROM',
  'FLOE_WEBHOOK_HOSTS',
  'FLOE_HTTP_HOSTS',
  'FLOE_NOTICES_FILE',
  'FLOE_OPENLINEAGE_URL',
  'FLOE_OPENLINEAGE_API_KEY',
  'FLOE_OPENLINEAGE_NAMESPACE',
];

/**
 * Starts everything and resolves when it is ready. Errors: FOLDER_IN_USE, PORT_TAKEN, TOOL_MISSING, SERVICE_UNAVAILABLE
 * (with the end of the log of the part that failed), SCHEMA_INCOMPATIBLE.
 */
export async function startEmbeddedFloe(options: EmbeddedOptions): Promise<EmbeddedFloe> {
  const stateDir = resolve(options.stateDir);
  const { portBase = PORT_BASE, executors = EXECUTORS, schedulers = 1, report } = options;
  requireWithin('executors', executors, EXECUTORS_MAX);
  requireWithin('schedulers', schedulers, SCHEDULERS_MAX);
  await openStateFolder(stateDir);
  const lock = await lockFolder(stateDir);
  let supervisor: Supervisor | undefined;
  const stop = async () => {
    await supervisor?.stop();
    await lock.release();
  };
  try {
    supervisor = await Supervisor.open(stateDir, report);
    const ports = planPorts(portBase, executors, schedulers);
    await requireFreePorts(ports);
    const started = await startAll({ ...options, stateDir }, { supervisor, ports });
    const processes = supervisor.processes.bind(supervisor);
    return { ...started, processes, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function requireWithin(what: string, count: number, max: number): void {
  if (count >= 1 && count <= max) return;
  throw new FloeError('CONFIGURATION_INVALID', `${count} ${what}: 1 to ${max} are possible`);
}

type Parts = { readonly supervisor: Supervisor; readonly ports: PortPlan };

async function startAll(options: EmbeddedOptions, parts: Parts) {
  const { stateDir } = options;
  const { supervisor, ports } = parts;
  const [postgres, nats] = await Promise.all([
    preparePostgres(options, ports),
    prepareNats(options, ports),
    prepareConsole(options),
  ]);
  await supervisor.startGroup([
    { child: postgres.spec, startAttempts: POSTGRES_START_ATTEMPTS },
    { child: nats },
  ]);
  const [databaseUrl, demoDatabaseUrl] = await makeDatabases(postgres, options.root);
  const { user, passwordFile } = postgres;
  const { env = process.env } = options;
  const endpoints = describeEndpoints(ports, { user, passwordFile }, env);
  await supervisor.startGroups(
    serviceGroups(options, { ports, databaseUrl, nats: endpoints.nats }),
  );
  await writeEndpoints(stateDir, endpoints);
  const schedulers = schedulerAddresses(ports);
  return { endpoints, schedulers, databaseUrl, demoDatabaseUrl };
}

function preparePostgres({ stateDir, report }: EmbeddedOptions, ports: PortPlan) {
  const logFile = join(stateDir, 'logs', 'postgres.log');
  return prepareFloePostgres({ stateDir, port: portOf(ports, 'postgres'), logFile, report });
}

async function prepareNats({ stateDir, report }: EmbeddedOptions, ports: PortPlan) {
  const binary = await ensureNatsServer({ toolsDir: join(workspaceRoot, '.tools'), report });
  const port = portOf(ports, 'nats');
  return natsSpec({
    binary,
    port,
    storeDir: join(stateDir, 'nats'),
    configFile: join(stateDir, 'nats.conf'),
    logFile: join(stateDir, 'logs', 'nats.log'),
    serverName: `floe-${process.pid}-${port}`,
  });
}

/** Without its pages Floe still works, so a build that fails is only told. */
async function prepareConsole({ report }: EmbeddedOptions): Promise<void> {
  try {
    await ensureConsole(report);
  } catch (thrown) {
    report(`the console is missing: ${toFloeError(thrown).message}`);
  }
}

async function makeDatabases(
  postgres: FloePostgres,
  root: string | undefined,
): Promise<[string, string]> {
  const admin = postgres.url('postgres');
  const migrations = root === undefined ? undefined : join(root, 'migrations');
  const prepareControl = async () => {
    const url = await ensureDatabase(admin, CONTROL_DATABASE);
    await migrate(url, migrations);
    return url;
  };
  return Promise.all([prepareControl(), ensureDatabase(admin, DEMO_DATABASE)]);
}

/** Who asks the others is stopped first: an executor that drains hands its work back to a scheduler. */
function serviceGroups(
  options: EmbeddedOptions,
  addresses: { ports: PortPlan; databaseUrl: string; nats: string },
) {
  const { stateDir, slots = SLOTS, env = process.env, gatewayHost, root } = options;
  const { ports, databaseUrl, nats } = addresses;
  const shared = {
    ...pick(env, PASSED_ON),
    FLOE_NATS_URL: nats,
    FLOE_METADATA_ADDRESS: listenAddress(ports, 'metadata'),
    FLOE_SCHEDULER_ADDRESS: schedulerAddresses(ports).join(','),
    FLOE_REPORTING_ADDRESS: listenAddress(ports, 'reporting'),
  };
  const service = (app: ServiceApp, name: string, own: Record<string, string>) => {
    const listen = `FLOE_${app.toUpperCase()}_LISTEN`;
    const settings = { ...shared, [listen]: listenAddress(ports, name), ...own };
    return { child: serviceSpec({ app, name, stateDir, root, settings, base: env }) };
  };
  const database = { FLOE_DATABASE_URL: databaseUrl };
  const answering = [
    service('metadata', 'metadata', {
      ...database,
      FLOE_GATEWAY_URL: gatewayUrl(ports, env),
    }),
    ...namesOf(ports, 'scheduler').map((name) => service('scheduler', name, database)),
    service('reporting', 'reporting', database),
  ];
  const asking = [
    service('gateway', 'gateway', {
      ...database,
      ...pick(env, ['FLOE_GATEWAY_HTTP_LISTEN']),
      ...(gatewayHost && {
        FLOE_GATEWAY_LISTEN: hostAndPort(gatewayHost, portOf(ports, 'gateway')),
      }),
    }),
    // Executors hold no credentials of the control database: they ask services for all that they need.
    ...namesOf(ports, 'executor').map((name) =>
      service('executor', name, {
        FLOE_EXECUTOR_SLOTS: String(slots),
        FLOE_EXECUTOR_ID: `${name}-${process.pid}`,
        // Where it was started is where the person has the files that the documents speak of.
        FLOE_FILES_DIR: env['FLOE_FILES_DIR'] ?? env['INIT_CWD'] ?? process.cwd(),
      }),
    ),
  ];
  return [answering, asking];
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function schedulerAddresses(ports: PortPlan): string[] {
  return namesOf(ports, 'scheduler').map((name) => listenAddress(ports, name));
}

function namesOf(ports: PortPlan, app: ServiceApp): string[] {
  return [...ports.keys()].filter((name) => name === app || name.startsWith(`${app}-`));
}

function pick(env: Readonly<Record<string, string | undefined>>, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
