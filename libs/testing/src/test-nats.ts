import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureNatsServer,
  guardProcess,
  natsSpec,
  startChild,
  workspaceRoot,
  type ProcessGuard,
  type RunningChild,
} from '@floe/embedded';
import { startOnFreePort } from './start-on-free-port.ts';

export type TestNats = {
  readonly url: string;
  readonly port: number;
  readonly storeDir: string;
  /** Kills the server like a crash and starts it again on the same port with the same streams. */
  crashAndRestart(): Promise<void>;
  /** The same, with every stream and message gone. */
  wipeAndRestart(): Promise<void>;
  /** Stops politely and starts again on the same port with the same streams. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A nats-server of its own with JetStream, on a free port of loopback; gone with this process at the latest. */
export async function startTestNats(): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), 'floe-test-nats-'));
  const storeDir = join(folder, 'store');
  const binary = await ensureNatsServer({
    toolsDir: join(workspaceRoot, '.tools'),
    report: (line) => process.stderr.write(`floe: ${line}\n`),
  });
  let guard: ProcessGuard | undefined;
  const start = async (port: number): Promise<RunningChild> => {
    const spec = await natsSpec({
      binary,
      port,
      storeDir,
      configFile: join(folder, 'nats.conf'),
      logFile: join(folder, 'nats.log'),
      serverName: `floe-test-${randomUUID()}`,
    });
    const child = await startChild(spec);
    guard?.release();
    guard = guardProcess(child.pid, { signal: 'KILL', graceMs: 0, removeFolder: folder });
    return child;
  };
  const started = await startOnFreePort(start);
  const { port } = started;
  let { child } = started;
  const restartAfter = async (end: () => Promise<unknown>) => {
    await end();
    child = await start(port);
  };
  const crash = async () => {
    child.kill('SIGKILL');
    await child.exited;
  };
  const stop = async () => {
    await child.stop();
    guard?.release();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDir,
    crashAndRestart: () => restartAfter(crash),
    wipeAndRestart: () =>
      restartAfter(() => crash().then(() => rm(storeDir, { recursive: true, force: true }))),
    restart: () => restartAfter(() => child.stop()),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
