/**
 * A real nats-server for these tests. `@floe/testing` has a fuller one, but stands above this package.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

// A start takes tens of milliseconds; a machine under load some seconds.
const READY_WITHIN_MS = 10_000;
const PROBE_EVERY_MS = 20;

export type NatsFixture = {
  readonly url: string;
  start(): Promise<void>;
  /** Kills the server without a word. */
  kill(): Promise<void>;
  /** Deletes all streams on disk. The server must not run. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
};

export async function startNats(): Promise<NatsFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'floe-bus-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = [
      '--addr',
      '127.0.0.1',
      '--port',
      String(port),
      '--jetstream',
      '--store_dir',
      folder,
    ];
    child = spawn(findServer(), args, { stdio: 'ignore' });
    await waitForPort(port);
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const wipe = () => rm(join(folder, 'jetstream'), { recursive: true, force: true });
  const stop = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  await start();
  return { url: `nats://127.0.0.1:${port}`, start, kill, wipe, stop };
}

function findServer(): string {
  const tools = globSync(join(import.meta.dirname, '../../../.tools/nats-server-*/nats-server'));
  const inPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'nats-server'));
  const found = [...tools, ...inPath, '/usr/sbin/nats-server'].find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error('nats-server is neither in .tools nor in PATH; `npm test` fetches it');
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function waitForPort(port: number): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  while (!(await answers(port))) {
    if (Date.now() > deadlineMs) throw new Error(`nats-server does not listen on port ${port}`);
    await delay(PROBE_EVERY_MS);
  }
}

function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  return new Promise((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((isOpen) => {
    socket.destroy();
    return isOpen === true;
  });
}
