import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createDatabase,
  guardProcess,
  postgresSpec,
  startChild,
  type ProcessGuard,
  type RunningChild,
} from '@floe/embedded';
import { TEST_PASSWORD, TEST_USER, copyTemplateCluster } from './postgres-template.ts';
import { startOnFreePort } from './start-on-free-port.ts';

export type TestPostgres = {
  /** The address of the database `postgres`, as a superuser. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Makes an empty database and gives its address. */
  createDatabase(name: string): Promise<string>;
  /** Kills the server like a crash and starts it again: same port, same data. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const HOST = '127.0.0.1';
// After a crash PostgreSQL refuses to start until the last process of the dead server is gone: moments, more on a busy machine.
const RESTARTS_MAX = 8;
const RESTART_PAUSE_MS = 250;

/**
 * A PostgreSQL of its own: fresh, without syncs, on a free port of loopback; gone with this process at the latest. Its
 * data lie in a folder below the parent.
 */
export async function startTestPostgres(parent: string = tmpdir()): Promise<TestPostgres> {
  const folder = await mkdtemp(join(parent, 'floe-test-postgres-'));
  const cluster = await copyTemplateCluster(join(folder, 'data'));
  const logFile = join(folder, 'postgres.log');
  let guard: ProcessGuard | undefined;
  const start = async (port: number): Promise<RunningChild> => {
    const child = await startChild(postgresSpec(cluster, { port, logFile }));
    guard?.release();
    guard = guardProcess(child.pid, { signal: 'QUIT', graceMs: 0, removeFolder: folder });
    return child;
  };
  const started = await startOnFreePort(start);
  const { port } = started;
  let { child } = started;
  const url = `postgres://${TEST_USER}:${TEST_PASSWORD}@${HOST}:${port}/postgres`;
  const stop = async () => {
    await child.stop();
    guard?.release();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url,
    host: HOST,
    port,
    user: TEST_USER,
    password: TEST_PASSWORD,
    createDatabase: (name) => createDatabase(url, name),
    crashAndRestart: async () => {
      child.kill('SIGKILL');
      await child.exited;
      child = await startAgain(() => start(port));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function startAgain(start: () => Promise<RunningChild>): Promise<RunningChild> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === RESTARTS_MAX) throw error;
      await delay(RESTART_PAUSE_MS);
    }
  }
}
