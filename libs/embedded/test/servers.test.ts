import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase, ensureDatabase } from '../src/create-database.ts';
import { ensureNatsServer } from '../src/ensure-nats-server.ts';
import { prepareFloePostgres } from '../src/floe-postgres.ts';
import { freePort } from '../src/free-port.ts';
import { natsConfig, natsSpec } from '../src/nats-server.ts';
import { Supervisor } from '../src/supervisor.ts';
import { workspaceRoot } from '../src/workspace-root.ts';
import { makeScratch } from './scratch.ts';

test('PostgreSQL that was killed is back with its data, under supervision and after it (G1)', async () => {
  await using scratch = await makeScratch();
  const stateDir = scratch.folder;
  const options = {
    stateDir,
    port: await freePort(),
    logFile: join(stateDir, 'logs', 'postgres.log'),
    report: () => undefined,
  };
  const postgres = await prepareFloePostgres(options);
  const supervisor = await Supervisor.open(stateDir, () => undefined);
  await supervisor.startGroup([{ child: postgres.spec, startAttempts: 6 }]);
  const admin = postgres.url('postgres');
  await createDatabase(admin, 'kept');
  process.kill(supervisor.processes()[0]!.pid, 'SIGKILL');
  await expect
    .poll(() => supervisor.processes()[0], { timeout: 15_000 })
    .toMatchObject({ restarts: 1 });
  await expect(createDatabase(admin, 'kept')).rejects.toThrow('already exists');
  await supervisor.stop();

  const lines: string[] = [];
  const again = await prepareFloePostgres({ ...options, report: (line) => lines.push(line) });
  const next = await Supervisor.open(stateDir, () => undefined);
  await next.startGroup([{ child: again.spec }]);
  await ensureDatabase(again.url('postgres'), 'kept');
  await next.stop();
  expect(lines).toEqual([]);
});

test('PostgreSQL takes the password only, which only this user can read (G2)', async () => {
  await using scratch = await makeScratch();
  const stateDir = scratch.folder;
  const postgres = await prepareFloePostgres({
    stateDir,
    port: await freePort(),
    logFile: join(stateDir, 'logs', 'postgres.log'),
    report: () => undefined,
  });
  const supervisor = await Supervisor.open(stateDir, () => undefined);
  await supervisor.startGroup([{ child: postgres.spec }]);
  const wrong = new URL(postgres.url('postgres'));
  wrong.password = 'guessed';
  await expect(createDatabase(wrong.href, 'x')).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
  await supervisor.stop();
  expect((await stat(postgres.passwordFile)).mode & 0o777).toBe(0o600);
  const configuration = await readFile(join(stateDir, 'logs', 'postgres.log'), 'utf8');
  expect(configuration).not.toContain(new URL(postgres.url('x')).password);
});

test('nats-server that was killed is started again on the same port', async () => {
  await using scratch = await makeScratch();
  const { folder } = scratch;
  const binary = await ensureNatsServer({
    toolsDir: join(workspaceRoot, '.tools'),
    report: () => undefined,
  });
  const spec = await natsSpec({
    binary,
    port: await freePort(),
    storeDir: join(folder, 'nats'),
    configFile: join(folder, 'nats.conf'),
    logFile: join(folder, 'logs', 'nats.log'),
    serverName: 'floe-test',
  });
  const supervisor = await Supervisor.open(folder, () => undefined);
  await supervisor.startGroup([{ child: spec }]);
  process.kill(supervisor.processes()[0]!.pid, 'SIGKILL');
  await expect.poll(() => supervisor.processes()[0]).toMatchObject({ restarts: 1 });
  await supervisor.stop();
});

test('JetStream syncs each message where the server can', () => {
  const options = {
    binary: 'nats-server',
    port: 4222,
    storeDir: '/state/na"ts',
    configFile: '/state/nats.conf',
    logFile: '/state/nats.log',
    serverName: 'floe',
  };
  expect(natsConfig(options, [2, 12, 3])).toContain('sync_interval: always');
  expect(natsConfig(options, [2, 9, 10])).not.toContain('sync_interval');
  expect(natsConfig(options, [2, 9, 10])).toContain('store_dir: "/state/na\\"ts"');
});
