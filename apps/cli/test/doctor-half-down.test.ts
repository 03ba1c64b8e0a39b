/** The bug hunted: a doctor that says nothing of what is broken because something else is, or waits for it for ever. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../src/doctor/examine.ts';

let folder: string;
/** Takes connections and says nothing, as a server does that is stopped. */
let frozen: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-doctor-'));
  frozen = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  frozen.listen(0, '127.0.0.1');
  await once(frozen, 'listening');
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  frozen.close();
  await rm(folder, { recursive: true, force: true });
});

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('with the gateway and PostgreSQL gone and NATS frozen each of them is said', async () => {
  const { port: natsPort } = frozen.address() as AddressInfo;
  const [gatewayPort, postgresPort] = [await closedPort(), await closedPort()];
  const passwordFile = join(folder, 'postgres-password');
  await writeFile(passwordFile, 'secret\n');
  const endpoints = {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    nats: `nats://127.0.0.1:${natsPort}`,
    postgres: {
      host: '127.0.0.1',
      port: postgresPort,
      user: 'floe',
      passwordFile,
      controlDatabase: 'floe',
      demoDatabase: 'demo',
    },
  };
  await writeFile(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
  const context = { env: { HOME: folder } } as unknown as Parameters<typeof examine>[1];
  const findings = await examine({ stateDir: folder, server: endpoints.gateway }, context);
  const failed = findings.filter(({ result }) => result === 'failed').map(({ check }) => check);
  expect(failed).toEqual(['postgres', 'nats', 'gateway']);
  expect(findings.map(({ check }) => check)).not.toContain('consumers');
}, 60_000);
