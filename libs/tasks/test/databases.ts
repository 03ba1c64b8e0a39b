import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TargetAddress, type TargetSession, openTarget } from '@floe/database';
import { type TestPostgres, startTestPostgres } from '@floe/testing';

export type TestDatabase = {
  readonly server: TestPostgres;
  readonly address: TargetAddress;
  /** A session of the test's own, to prepare and to look. */
  readonly session: TargetSession;
  readonly folder: string;
  /** 18, unless the tests are run against a server of another major. */
  readonly major: number;
  stop(): Promise<void>;
};

/** A server with one database, below a folder where one is given, and a folder for datasets. */
export async function startTestDatabase(parent?: string): Promise<TestDatabase> {
  const server = await startTestPostgres(parent);
  const folder = await mkdtemp(join(tmpdir(), 'floe-tasks-'));
  const { host, port, user, password } = server;
  const address = { host, port, user, password, database: 'postgres' };
  const session = await openTarget(address, {
    applicationName: 'test',
    statementTimeoutMs: 10_000,
  });
  const [version] = await session.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  return {
    server,
    address,
    session,
    folder,
    major: version!.major,
    stop: async () => {
      await session[Symbol.asyncDispose]();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
