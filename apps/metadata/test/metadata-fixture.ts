import { migrate, openTarget, type TargetAddress } from '@floe/database';
import { createRpcClient, type RpcClient } from '@floe/rpc';
import { ConnectionKind, MetadataService, SslMode } from '@floe/rpc/contracts';
import type { Connection } from '@floe/rpc/contracts';
import { ConnectionService } from '@floe/rpc/internal-contracts';
import { readEnvironment } from '@floe/service';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { startMetadata } from '../src/service.ts';

export const SECRET_VARIABLE = 'TEST_METADATA_PASSWORD';

export type MetadataFixture = {
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  /** Where the service listens. */
  readonly address: string;
  readonly metadata: RpcClient<typeof MetadataService>;
  readonly connections: RpcClient<typeof ConnectionService>;
  /** Rows of a statement in the control database or, by name, in another. */
  query(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** Stores a connection to the database `users`, with changes. */
  setConnection(name: string, changes?: Partial<ConnectionFields>): Promise<void>;
  stop(): Promise<void>;
};

type ConnectionFields = Pick<
  Connection,
  | 'host'
  | 'port'
  | 'database'
  | 'username'
  | 'secretReference'
  | 'kind'
  | 'baseUrl'
  | 'secretHeader'
  | 'proxy'
  | 'proxySecretReference'
  | 'caReference'
  | 'clientCertificateReference'
  | 'clientKeyReference'
>;

/** A metadata service on a PostgreSQL of its own, with a database `users` that connections can point at. */
export async function startFixture(): Promise<MetadataFixture> {
  const postgres = await startTestPostgres();
  const databaseUrl = await postgres.createDatabase('control');
  await postgres.createDatabase('users');
  await migrate(databaseUrl);
  process.env[SECRET_VARIABLE] = postgres.password;
  const service = await startMetadata(
    readEnvironment({
      FLOE_DATABASE_URL: databaseUrl,
      FLOE_METADATA_LISTEN: '127.0.0.1:0',
      FLOE_HTTP_HOSTS: '127.0.0.1',
      FLOE_LOG_LEVEL: 'error',
    }),
  );
  const addresses = [service.addresses['grpc']!];
  const metadata = createRpcClient(MetadataService, { addresses, name: 'metadata' });
  const connections = createRpcClient(ConnectionService, { addresses, name: 'metadata' });
  return {
    postgres,
    databaseUrl,
    address: addresses[0]!,
    metadata,
    connections,
    query: (sql, database = 'control') => query({ ...addressOf(postgres), database }, sql),
    setConnection: async (name, changes) => {
      const connection = { ...defaultConnection(postgres), name, ...changes };
      await metadata.setConnection({ connection });
    },
    stop: async () => {
      metadata.close();
      connections.close();
      await service.stop();
      await postgres.stop();
    },
  };
}

function addressOf({ host, port, user, password }: TestPostgres): Omit<TargetAddress, 'database'> {
  return { host, port, user, password };
}

function defaultConnection({ host, port, user }: TestPostgres) {
  return {
    name: '',
    host,
    port,
    database: 'users',
    username: user,
    secretReference: `env:${SECRET_VARIABLE}`,
    sslMode: SslMode.DISABLE,
    createTime: undefined,
    updateTime: undefined,
    kind: ConnectionKind.POSTGRES,
    baseUrl: '',
    secretHeader: '',
    proxy: '',
    proxySecretReference: '',
    caReference: '',
    clientCertificateReference: '',
    clientKeyReference: '',
  };
}

async function query(address: TargetAddress, sql: string) {
  await using session = await openTarget(address, {
    applicationName: 'test',
    statementTimeoutMs: 10_000,
  });
  return await session.query<Record<string, unknown>>(sql);
}
