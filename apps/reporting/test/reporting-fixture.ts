import { randomUUID } from 'node:crypto';
import { connectBus } from '@floe/bus';
import type { Bus } from '@floe/bus';
import { migrate, openControlDatabase, openTarget } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { createRpcClient } from '@floe/rpc';
import type { RpcClient } from '@floe/rpc';
import { ReportingService } from '@floe/rpc/contracts';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { startTestNats, startTestPostgres } from '@floe/testing';
import type { TestNats, TestPostgres } from '@floe/testing';
import { startReporting } from '../src/service.ts';

/** The reporting service over a real PostgreSQL and NATS, and the scheduler's side of both. */
export type Fixture = {
  readonly client: RpcClient<typeof ReportingService>;
  /** Writes as the scheduler does. */
  readonly db: ControlDatabase['db'];
  readonly bus: Bus;
  readonly databaseUrl: string;
  readonly postgres: TestPostgres;
  readonly nats: TestNats;
  /** The reader's clock, to be moved by tests. */
  readonly clock: { now: number };
  stop(): Promise<void>;
};

// What the owner of a server may have set for whatever reason: Floe says of its sessions how they read and write.
const ODD_SETTINGS = {
  timezone: 'Asia/Kathmandu',
  datestyle: 'SQL, DMY',
  intervalstyle: 'iso_8601',
  extra_float_digits: '-10',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  default_transaction_isolation: 'serializable',
};

async function makeOdd({ host, port, user, password }: TestPostgres, url: string): Promise<void> {
  const address = { host, port, user, password, database: 'postgres' };
  const name = new URL(url).pathname.slice(1);
  await using owner = await openTarget(address, { applicationName: 'test', statementTimeoutMs: 0 });
  for (const [setting, value] of Object.entries(ODD_SETTINGS))
    await owner.query(`alter database ${name} set ${setting} = '${value}'`);
}

export async function startFixture(): Promise<Fixture> {
  await using owned = new AsyncDisposableStack();
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  owned.use(postgres);
  owned.use(nats);
  const url = await postgres.createDatabase(`reporting_${randomUUID().slice(0, 8)}`);
  await makeOdd(postgres, url);
  await migrate(url);
  const database = openControlDatabase({
    url,
    role: 'floe_scheduler',
    applicationName: 'test-scheduler',
    connectionsMax: 4,
  });
  owned.defer(() => database.close());
  const log = createLogger('test', { level: 'silent' });
  const bus = owned.use(await connectBus({ urls: [nats.url], name: 'test', log }));
  const env = readEnvironment({
    FLOE_DATABASE_URL: url,
    FLOE_NATS_URL: nats.url,
    FLOE_REPORTING_LISTEN: '127.0.0.1:0',
    FLOE_JAEGER_URL: 'http://jaeger.test:16686/',
  });
  const clock = { now: Date.now() };
  const service = await startReporting(env, { log, now: () => clock.now });
  owned.defer(() => service.stop());
  const client = createRpcClient(ReportingService, {
    addresses: [service.addresses['grpc'] ?? ''],
    name: 'reporting',
  });
  owned.defer(() => client.close());
  const running = owned.move();
  return {
    client,
    db: database.db,
    databaseUrl: url,
    bus,
    postgres,
    nats,
    clock,
    stop: () => running.disposeAsync(),
  };
}
