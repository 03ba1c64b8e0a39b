import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardProcess, postgresSpec, startChild } from '@floe/embedded';
import { copyTemplateCluster } from './postgres-template.ts';
import { startOnFreePort } from './start-on-free-port.ts';
import type { TestPostgres } from './test-postgres.ts';

export type TestReplica = {
  /** The address of a database of the primary, here. */
  urlOf(primaryUrl: string): string;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * A replica of a test's PostgreSQL, by streaming replication: it begins where the primary began, with the same template,
 * and is sent all that the primary has written since. To be started before the primary forgets its first WAL.
 */
export async function startTestReplica(primary: TestPostgres): Promise<TestReplica> {
  const folder = await mkdtemp(join(tmpdir(), 'floe-test-replica-'));
  const cluster = await copyTemplateCluster(join(folder, 'data'));
  const { host, port, user, password } = primary;
  const source = `host=${host} port=${port} user=${user} password=${password}`;
  const signal = join(cluster.dataDir, 'standby.signal');
  await writeFile(signal, '');
  if (cluster.user) chownSync(signal, cluster.user.uid, cluster.user.gid);
  await appendFile(
    join(cluster.dataDir, 'postgresql.conf'),
    `\nprimary_conninfo = '${source}'\nhot_standby = on\n`,
  );
  const logFile = join(folder, 'postgres.log');
  const { child, port: ownPort } = await startOnFreePort((free) =>
    startChild(postgresSpec(cluster, { port: free, logFile })),
  );
  const guard = guardProcess(child.pid, { signal: 'QUIT', graceMs: 0, removeFolder: folder });
  const stop = async () => {
    await child.stop();
    guard.release();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    urlOf(primaryUrl) {
      const url = new URL(primaryUrl);
      url.port = String(ownPort);
      return url.href;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
