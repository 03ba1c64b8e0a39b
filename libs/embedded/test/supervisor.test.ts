import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identify, isRunning } from '../src/process-identity.ts';
import { rotateLogs } from '../src/rotate-log.ts';
import { Supervisor } from '../src/supervisor.ts';
import { makeScratch, readJournal, sampleSpec } from './scratch.ts';

test('starts a process again that was killed, and reports it in one line (U2, R1, R3)', async () => {
  await using scratch = await makeScratch();
  const lines: string[] = [];
  const supervisor = await Supervisor.open(scratch.folder, (line) => lines.push(line));
  await supervisor.startGroup([{ child: sampleSpec(scratch.folder, 'engine') }]);
  const [first] = supervisor.processes();
  process.kill(first!.pid, 'SIGKILL');
  await expect.poll(() => supervisor.processes()[0]).toMatchObject({ name: 'engine', restarts: 1 });
  expect(supervisor.processes()[0]!.pid).not.toBe(first!.pid);
  expect(lines).toEqual(['engine ended (SIGKILL), starting it again']);
  await supervisor.stop();
  expect(await readJournal(scratch.folder)).toEqual([
    'engine started',
    'engine started',
    'engine stopped',
  ]);
});

test('starts group after group and stops them in reverse (U1, U3)', async () => {
  await using scratch = await makeScratch();
  const supervisor = await Supervisor.open(scratch.folder, () => undefined);
  for (const name of ['store', 'engine', 'door']) {
    await supervisor.startGroup([{ child: sampleSpec(scratch.folder, name) }]);
  }
  await supervisor.stop();
  expect(await readJournal(scratch.folder)).toEqual([
    'store started',
    'engine started',
    'door started',
    'door stopped',
    'engine stopped',
    'store stopped',
  ]);
});

test('of groups that start at once the last is over before the first begins to stop', async () => {
  await using scratch = await makeScratch();
  const supervisor = await Supervisor.open(scratch.folder, () => undefined);
  const group = (name: string) => [{ child: sampleSpec(scratch.folder, name) }];
  await supervisor.startGroups([group('scheduler'), group('executor')]);
  await supervisor.stop();
  const journal = await readJournal(scratch.folder);
  expect(journal.slice(0, 2).toSorted()).toEqual(['executor started', 'scheduler started']);
  expect(journal.slice(2)).toEqual(['executor stopped', 'scheduler stopped']);
});

test('kills what does not stop in time (C4)', async () => {
  await using scratch = await makeScratch();
  const supervisor = await Supervisor.open(scratch.folder, () => undefined);
  await supervisor.startGroup([{ child: sampleSpec(scratch.folder, 'mule', 'stubborn') }]);
  const identity = await identify(supervisor.processes()[0]!.pid);
  await supervisor.stop();
  expect(await isRunning(identity!)).toBe(false);
});

test('a process that breaks at its start is told with the end of its log (C3)', async () => {
  await using scratch = await makeScratch();
  const supervisor = await Supervisor.open(scratch.folder, () => undefined);
  const starting = supervisor.startGroup([{ child: sampleSpec(scratch.folder, 'door', 'breaks') }]);
  await expect(starting).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: 'door ended while it started',
    hint: expect.stringContaining('no luck today'),
  });
  await supervisor.stop();
});

test('a process that never gets ready is ended (C3)', async () => {
  await using scratch = await makeScratch();
  const supervisor = await Supervisor.open(scratch.folder, () => undefined);
  const starting = supervisor.startGroup([{ child: sampleSpec(scratch.folder, 'door', 'silent') }]);
  await expect(starting).rejects.toMatchObject({ message: 'door is not ready in time' });
  expect(supervisor.processes()).toEqual([]);
  await supervisor.stop();
});

test('ends what a killed supervisor left running, before it starts anything (U4)', async () => {
  await using scratch = await makeScratch();
  const owner = spawn(process.execPath, [
    join(import.meta.dirname, 'sample-supervisor.ts'),
    scratch.folder,
  ]);
  const [output] = (await once(owner.stdout, 'data')) as [Buffer];
  const orphan = await identify(Number(output.toString()));
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(await isRunning(orphan!)).toBe(true);
  const lines: string[] = [];
  const supervisor = await Supervisor.open(scratch.folder, (line) => lines.push(line));
  expect(await isRunning(orphan!)).toBe(false);
  expect(lines).toEqual(['ended what an earlier Floe left running: engine']);
  expect((await readJournal(scratch.folder)).at(-1)).toBe('engine stopped');
  await supervisor.stop();
});

test('leaves a process alone that only got the pid of an earlier one (U4)', async () => {
  await using scratch = await makeScratch();
  const stranger = spawn('sleep', ['60']);
  await once(stranger, 'spawn');
  const record = { pid: stranger.pid, startedAt: 'long ago', name: 'engine', group: 0 };
  await writeFile(
    join(scratch.folder, 'processes.json'),
    JSON.stringify([{ ...record, stopSignal: 'SIGKILL' }]),
  );
  const supervisor = await Supervisor.open(scratch.folder, () => undefined);
  expect(await identify(stranger.pid!)).toBeDefined();
  await supervisor.stop();
  stranger.kill('SIGKILL');
});

test('a log that is full moves aside, and the file stays (U5)', async () => {
  await using scratch = await makeScratch();
  const log = join(scratch.folder, 'engine.log');
  await writeFile(log, Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
  await writeFile(join(scratch.folder, 'door.log'), 'short');
  const { ino } = await stat(log);
  await rotateLogs(scratch.folder);
  expect(await stat(log)).toMatchObject({ size: 0, ino });
  expect((await stat(`${log}.1`)).size).toBe(10 * 1024 * 1024 + 1);
  expect(await readFile(join(scratch.folder, 'door.log'), 'utf8')).toBe('short');
});
