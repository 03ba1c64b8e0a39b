/**
 * A Floe as deploy/ has it: each service with a certificate, a key of NATS and a login of PostgreSQL of its own, tokens
 * required, the gateway over HTTPS. Nothing of it is made another way than its README says, but for the folders and ports of a test.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createFloeClient, type FloeClient } from '@floe/client';
import {
  ensureNatsServer,
  freePort,
  guardProcess,
  natsSpec,
  serviceSpec,
  startChild,
  workspaceRoot,
  type ServiceApp,
} from '@floe/embedded';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { Client } from 'pg';
import { runCommand, type CommandResult } from './command.ts';
import { freePortBase } from './port-base.ts';

export const PASSWORD = 'not-a-secret-of-anybody';

export type SecuredFloe = AsyncDisposable & {
  /** Stands for /etc/floe. */
  readonly etc: string;
  readonly natsUrl: string;
  readonly natsLog: string;
  readonly client: FloeClient;
  readonly addresses: Readonly<Record<ServiceApp, string>>;
  readonly postgres: TestPostgres;
  /** Runs `floe` as the user `cli`. */
  floe(words: readonly string[]): Promise<CommandResult>;
};

type Context = {
  readonly etc: string;
  readonly stateDir: string;
  readonly owned: AsyncDisposableStack;
  readonly postgres: TestPostgres;
  readonly natsUrl: string;
};

type Settings = Readonly<Record<string, string>>;

export async function startSecuredFloe(extra: Settings = {}): Promise<SecuredFloe> {
  await using owned = new AsyncDisposableStack();
  const stateDir = await mkdtemp(join(tmpdir(), 'floe-e2e-secured-'));
  owned.defer(() => rm(stateDir, { recursive: true, force: true }));
  const etc = join(stateDir, 'etc');
  await mkdir(join(stateDir, 'logs'));
  const [postgres] = await Promise.all([
    startDatabase(owned),
    made(['tools/make-identities.ts', etc, '127.0.0.1', 'localhost']),
  ]);
  const { natsUrl, natsLog, monitorUrl } = await startNats({ etc, stateDir, owned });
  const context = { etc, stateDir, owned, postgres, natsUrl };
  const addresses = await planAddresses();
  await startServices(context, { addresses, extra });
  const token = (await readFile(join(stateDir, 'first-admin-token'), 'utf8')).trim();
  const baseUrl = `https://${addresses.gateway}`;
  await trustAuthority(etc);
  const running = owned.move();
  return {
    etc,
    natsUrl,
    natsLog,
    client: createFloeClient({ baseUrl, token }),
    addresses,
    postgres,
    floe: (words) =>
      runCommand(process.execPath, [join(workspaceRoot, 'apps/cli/src/main.ts'), ...words], {
        env: {
          ...identityOf(context, 'cli'),
          FLOE_STATE_DIR: stateDir,
          FLOE_GATEWAY_URL: baseUrl,
          FLOE_GATEWAY_CA: join(etc, 'ca.crt'),
          FLOE_TOKEN: token,
          FLOE_NATS_MONITOR_URL: monitorUrl,
        },
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** As NODE_EXTRA_CA_CERTS does for a program of one's own. */
async function trustAuthority(etc: string): Promise<void> {
  const authority = await readFile(join(etc, 'ca.crt'), 'utf8');
  setDefaultCACertificates([...getCACertificates('default'), authority]);
}

async function planAddresses(): Promise<Record<ServiceApp, string>> {
  const base = await freePortBase();
  const names: ServiceApp[] = ['gateway', 'metadata', 'scheduler', 'reporting', 'executor'];
  const entries = names.map((name, index) => [name, `127.0.0.1:${base + index}`]);
  return Object.fromEntries(entries) as Record<ServiceApp, string>;
}

type Plan = { readonly addresses: Record<ServiceApp, string>; readonly extra: Settings };

async function startServices(context: Context, { addresses, extra }: Plan): Promise<void> {
  const database = (name: ServiceApp) => ({
    FLOE_DATABASE_URL: loginUrl(context.postgres, name),
  });
  const start = (name: ServiceApp, own: Settings) =>
    startOne(context, name, {
      FLOE_METADATA_ADDRESS: addresses.metadata,
      FLOE_SCHEDULER_ADDRESS: addresses.scheduler,
      FLOE_REPORTING_ADDRESS: addresses.reporting,
      [`FLOE_${name.toUpperCase()}_LISTEN`]: addresses[name],
      ...own,
    });
  // Only it may make streams: the others look whether they are there.
  await start('scheduler', database('scheduler'));
  await Promise.all([
    start('metadata', database('metadata')),
    start('reporting', { ...database('reporting'), ...extra }),
    start('gateway', {
      ...database('gateway'),
      FLOE_TOKENS: 'required',
      FLOE_GATEWAY_TLS_CERT: join(context.etc, 'gateway.crt'),
      FLOE_GATEWAY_TLS_KEY: join(context.etc, 'gateway.key'),
    }),
    start('executor', { FLOE_EXECUTOR_ID: 'secured', FLOE_DATASET_STORE: 'nats' }),
  ]);
}

async function startOne(context: Context, app: ServiceApp, own: Settings): Promise<void> {
  const { stateDir, owned } = context;
  const settings = { ...identityOf(context, app), ...own };
  const spec = serviceSpec({ app, name: app, stateDir, settings, base: process.env });
  owned.adopt(await startChild(spec), (running) => running.stop());
}

/** The gateway has no key of NATS: it does not speak to it. */
function identityOf({ etc, natsUrl }: Pick<Context, 'etc' | 'natsUrl'>, name: string): Settings {
  return {
    FLOE_TLS_CERT: join(etc, `${name}.crt`),
    FLOE_TLS_KEY: join(etc, `${name}.key`),
    FLOE_TLS_CA: join(etc, 'ca.crt'),
    ...(name !== 'gateway' && {
      FLOE_NATS_URL: natsUrl,
      FLOE_NATS_CREDENTIALS: join(etc, `${name}.nkey`),
    }),
  };
}

async function startNats(context: Pick<Context, 'etc' | 'stateDir' | 'owned'>) {
  const { etc, stateDir, owned } = context;
  const report = () => {};
  const binary = await ensureNatsServer({ toolsDir: join(workspaceRoot, '.tools'), report });
  const port = await freePort();
  const monitorPort = await freePort();
  const natsLog = join(stateDir, 'logs', 'nats.log');
  const configFile = join(etc, 'nats-server.conf');
  const storeDir = join(stateDir, 'nats');
  const serverName = 'nats-1';
  // For how to start and probe one; what it is told is the file of deploy/.
  const spec = await natsSpec({
    binary,
    port,
    storeDir,
    configFile,
    logFile: natsLog,
    serverName,
  });
  const canSyncAlways = (await readFile(configFile, 'utf8')).includes('sync_interval');
  const text = (await readFile(join(workspaceRoot, 'deploy/nats/nats-server.conf'), 'utf8'))
    .replaceAll('/etc/floe', etc)
    .replace('/var/lib/nats', storeDir)
    .replace('0.0.0.0:4222', `127.0.0.1:${port}`)
    .replace('127.0.0.1:8222', `127.0.0.1:${monitorPort}`)
    // A server before 2.10, as Debian has it, does not know the word.
    .replace(/^ *sync_interval:.*$/m, canSyncAlways ? '$&' : '');
  await writeFile(configFile, text);
  await cp(join(workspaceRoot, 'deploy/nats/authorization.conf'), join(etc, 'authorization.conf'));
  const child = owned.adopt(await startChild(spec), (running) => running.stop());
  guardProcess(child.pid, { signal: 'KILL', graceMs: 0, removeFolder: storeDir });
  return {
    natsUrl: `tls://127.0.0.1:${port}`,
    natsLog,
    monitorUrl: `http://127.0.0.1:${monitorPort}`,
  };
}

async function startDatabase(owned: AsyncDisposableStack): Promise<TestPostgres> {
  const postgres = owned.use(await startTestPostgres());
  const url = await postgres.createDatabase('floe');
  await made(['apps/cli/src/main.ts', 'db', 'migrate'], { FLOE_DATABASE_URL: url });
  const logins = await readFile(join(workspaceRoot, 'deploy/postgres/logins.sql'), 'utf8');
  const passwords = [...logins.matchAll(/create role (\w+) login/g)].map(
    ([, login]) => `alter role ${login} password '${PASSWORD}'`,
  );
  await queryAs(url, [logins, ...passwords].join('\n;'));
  return postgres;
}

export function loginUrl({ host, port }: TestPostgres, service: string): string {
  return `postgres://floe_${service}_login:${PASSWORD}@${host}:${port}/floe`;
}

export async function queryAs(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows ?? [];
  } finally {
    await client.end();
  }
}

async function made(words: readonly string[], env: Settings = {}): Promise<void> {
  const done = await runCommand(process.execPath, words, { cwd: workspaceRoot, env });
  if (done.code !== 0) throw new Error(`${words.join(' ')}: ${done.stdout}${done.stderr}`);
}
