import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '@floe/testing';
import { openFixture } from './executor-fixture.ts';
import type { Fixture } from './executor-fixture.ts';
import { ExecutorProcess } from './executor-process.ts';

const TASKS = 20_000;
const WARM_UP_TASKS = 5_000;
// Linux counts in hundredths of a second.
const TICK_MICROSECONDS = 10_000;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** CPU time of a process, without its children. */
function cpuMicroseconds(pid: number): number {
  const [, user, system] =
    /^\d+ \(.*\) \S(?: \S+){10} (\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ??
    [];
  return (Number(user) + Number(system)) * TICK_MICROSECONDS;
}

async function runAll(tasks: number): Promise<void> {
  const { scheduler, bus } = fixture;
  const done = scheduler.finishes.length + tasks + 1;
  scheduler.offerMany(tasks, { type: 'noop' }, 'light');
  scheduler.offer(bus, { type: 'noop' }, 'light');
  await eventually(() => scheduler.finishes.length === done, { withinMs: 15_000 });
}

test.runIf(process.platform === 'linux')(
  'a light task costs less than 100 microseconds of CPU',
  async () => {
    await using executor = await ExecutorProcess.start(fixture.environment);
    await runAll(WARM_UP_TASKS);
    const before = cpuMicroseconds(executor.pid);
    await runAll(TASKS);
    const each = (cpuMicroseconds(executor.pid) - before) / TASKS;
    console.log(`a no-op costs ${each.toFixed(1)} µs of executor CPU`);
    expect(each).toBeLessThan(100);
  },
);
