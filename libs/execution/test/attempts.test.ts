import { beforeEach, expect, test } from 'vitest';
import type { Finish } from '../src/scheduler.ts';
import { World, aLease } from './scripted-world.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  await world.start();
});

function told(): Finish | undefined {
  return world.lastExchange.finished[0];
}

test('ends work at its timeout and says which', async () => {
  await world.answer([aLease('a', { timeoutMs: 1_500 })]);
  await world.time.advance(1_500);
  expect(world.workOf('a').stops).toEqual([{ kind: 'timed_out', timeoutMs: 1_500 }]);
  await world.die('a');
  expect(told()?.outcome).toMatchObject({
    cause: 'timed_out',
    failure: { code: 'ATTEMPT_TIMEOUT', message: expect.stringContaining('1.5 s') },
  });
});

test('ends work that reports no progress, and not while it does', async () => {
  await world.answer([aLease('a', { progressTimeoutMs: 5_000 })]);
  for (let step = 1; step <= 4; step += 1) {
    await world.time.advance(4_000);
    world.workOf('a').listener.onProgress({ rows: step, bytes: 0 });
  }
  expect(world.workOf('a').stops).toEqual([]);
  await world.time.advance(5_000);
  expect(world.workOf('a').stops).toEqual([{ kind: 'stalled', progressTimeoutMs: 5_000 }]);
  // The look for work of meanwhile was answered too late, so there is another.
  await world.answer();
  await world.answer();
  await world.die('a');
  expect(told()?.outcome).toMatchObject({ cause: 'task', failure: { code: 'PROGRESS_TIMEOUT' } });
});

test('reports the first reason to stop (A1), after the work has ended (A2)', async () => {
  await world.answer([aLease('a')]);
  const use = { usedBytes: 4.1 * 1024 ** 3, limitBytes: 4 * 1024 ** 3 };
  world.workOf('a').listener.onMemoryExceeded(use);
  world.execution.cancel({ runId: 'run', taskId: 'a', epoch: 1 });
  await world.time.settle();
  expect(world.workOf('a').stops).toMatchObject([{ kind: 'memory' }]);
  expect(told()).toBeUndefined();
  await world.die('a');
  expect(told()?.outcome).toMatchObject({
    failure: {
      code: 'MEMORY_EXCEEDED',
      message: expect.stringContaining('used 4.1 of 4.0 GiB'),
    },
  });
});

test('a result that came first counts, whatever was to stop it (A3)', async () => {
  await world.answer([aLease('a')]);
  world.execution.cancel({ runId: 'run', taskId: 'a', epoch: 1 });
  await world.succeed('a');
  expect(told()?.outcome.kind).toBe('succeeded');
});

test('tells nobody of work whose lease is lost while it is stopped (A1)', async () => {
  await world.answer([aLease('a')]);
  world.execution.cancel({ runId: 'run', taskId: 'a', epoch: 1 });
  world.onRenew = (renewals) => renewals.map(() => ({ held: false, cancel: false }));
  await world.time.advance(2_000);
  await world.die('a');
  expect(told()).toBeUndefined();
  expect(world.workOf('a').settlement).toBe('lost');
});

test('a worker that dies by itself is a loss', async () => {
  await world.answer([aLease('a')]);
  await world.die('a');
  expect(told()?.outcome).toMatchObject({ cause: 'lost', failure: { code: 'WORKER_CRASHED' } });
});

test('cancels one epoch only', async () => {
  await world.answer([aLease('a', { epoch: 2 })]);
  world.execution.cancel({ runId: 'run', taskId: 'a', epoch: 1 });
  expect(world.workOf('a').stops).toEqual([]);
  world.execution.cancel({ runId: 'run', taskId: 'a', epoch: 2 });
  expect(world.workOf('a').stops).toEqual([{ kind: 'cancelled' }]);
});

test('says when work began: a light task at once, a worker when it has the task', async () => {
  await world.answer([aLease('light'), aLease('slot', { lane: 'slot' })]);
  const beganAtMs = world.time.clock.nowMs();
  await world.time.advance(200);
  world.workOf('slot').listener.onProgress({ rows: 0, bytes: 0, hasBegun: true });
  world.endWork('light');
  world.endWork('slot');
  await world.time.settle();
  const began = world.lastExchange.finished.map((finish) => finish.beganAtMs);
  expect(began).toEqual([beganAtMs, beganAtMs + 200]);
});
