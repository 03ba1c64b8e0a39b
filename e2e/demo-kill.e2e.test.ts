/** The demo as a newcomer starts it, when the process that it started everything with is killed under it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { eventually } from '@floe/testing';
import { expect, test } from 'vitest';
import { querySql } from './support/database.ts';
import { freePortBase } from './support/port-base.ts';
import { childrenOf } from './support/processes.ts';
import { MAIN, readReadyLine, removeState, startUp, stopSupervisor } from './support/test-floe.ts';

const ROWS = 200_000;

test('finishes with the right rows, says what happened, and leaves all to the next floe up', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'floe-e2e-'));
  const portBase = await freePortBase();
  const words = ['demo', '--exit', '--limit-rows', String(ROWS), '--state-dir', stateDir];
  const demo = spawn(process.execPath, [MAIN, ...words, '--port-base', String(portBase)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const exited = new Promise((resolve) => demo.once('close', resolve));
  const said: string[] = [];
  const killed: number[] = [];
  createInterface({ input: demo.stderr }).on('line', (line) => {
    said.push(line);
    if (/flights +running/.test(line) && killed.length === 0) {
      killed.push(...childrenOf(demo.pid!));
      for (const pid of killed) process.kill(pid, 'SIGKILL');
    }
  });
  const [code, stdout] = await Promise.all([exited, text(demo.stdout)]);
  expect(killed).toHaveLength(1);
  expect(code, said.join('\n')).toBe(0);
  expect(said.join('\n')).toMatch(/was killed/);
  expect(stdout).toMatch(/succeeded in/);

  const next = startUp({ stateDir, portBase });
  try {
    const endpoints = await readReadyLine(next, stateDir);
    const [row] = await querySql<{ loaded: number; expected: number }>(
      endpoints,
      `select (select sum(late_flights)::int from analytics.late_flights) as loaded,
              (select count(*)::int from public.flights where delay > 15 and date >= date '2001-01-01') as expected`,
    );
    expect(row!.loaded).toBe(row!.expected);
    expect(row!.loaded).toBeGreaterThan(0);
  } finally {
    await stopSupervisor(next);
    await removeState(stateDir);
  }
});

test('leaves nothing behind when it is killed itself while everything starts', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'floe-e2e-'));
  const portBase = await freePortBase();
  const words = ['demo', '--exit', '--state-dir', stateDir, '--port-base', String(portBase)];
  const demo = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  // What it says first is said by the process that it starts everything with.
  for await (const line of createInterface({ input: demo.stderr })) {
    if (line.includes('making a database')) break;
  }
  const [supervisor = 0] = childrenOf(demo.pid!);
  demo.kill('SIGKILL');
  await once(demo, 'exit');
  try {
    const records = join(stateDir, 'processes.json');
    const isGone = () => !isAlive(supervisor);
    await eventually(isGone, { withinMs: 120_000 });
    expect(JSON.parse(await readFile(records, 'utf8'))).toEqual([]);
  } finally {
    await removeState(stateDir);
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
