import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, startTestNats, startTestPostgres } from '../src/index.ts';

async function isListening(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

test('PostgreSQL starts, makes databases, survives a crash and leaves nothing', async () => {
  const postgres = await startTestPostgres();
  expect(await postgres.createDatabase('orders')).toBe(postgres.url.replace(/postgres$/, 'orders'));
  await postgres.crashAndRestart();
  // The database is there: making it again is refused.
  await expect(postgres.createDatabase('orders')).rejects.toThrow();
  await postgres.stop();
  expect(await isListening(postgres.port)).toBe(false);
});

test('nats-server keeps its port over a crash, a restart and a wipe', async () => {
  await using nats = await startTestNats();
  const { port, storeDir } = nats;
  await nats.crashAndRestart();
  await nats.restart();
  expect(existsSync(storeDir)).toBe(true);
  await nats.wipeAndRestart();
  expect(await isListening(port)).toBe(true);
});

test('the servers die with the process that started them, also when that is killed', async () => {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'own-servers.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const { ports, folder }: { ports: number[]; folder: string } = JSON.parse(line.toString());
  expect(await Promise.all(ports.map(isListening))).toEqual([true, true]);
  owner.kill('SIGKILL');
  await eventually(async () => !(await Promise.all(ports.map(isListening))).includes(true), {
    withinMs: 5_000,
  });
  await eventually(() => !existsSync(folder), { withinMs: 5_000 });
});

test('eventually gives up with the reason of the last try', async () => {
  const check = () => {
    throw new Error('still closed');
  };
  await expect(eventually(check, { withinMs: 30, everyMs: 5 })).rejects.toThrow('still closed');
});
