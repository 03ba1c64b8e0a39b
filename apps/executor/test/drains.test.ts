import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExecutorState } from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import { openFixture } from './executor-fixture.ts';
import type { Fixture } from './executor-fixture.ts';

const WITHIN = { withinMs: 10_000 };

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(() => fixture[Symbol.asyncDispose]());

function aSleep(durationMs: number) {
  return { type: 'sleep', configJson: JSON.stringify({ duration_ms: durationMs }) };
}

test('takes no more attempts than it has slots, and two executors share the rest', async () => {
  const { scheduler, bus } = fixture;
  await using first = await fixture.startExecutor({ slots: 2 });
  const offer = () => scheduler.offer(bus, aSleep(600));
  const keys = Array.from({ length: 6 }, offer);
  await eventually(async () => (await first.slots()).every((slot) => slot.runId !== ''), WITHIN);
  const busy = () => scheduler.given.length - scheduler.finishes.length;
  expect(busy()).toBeLessThanOrEqual(2);
  await using second = await fixture.startExecutor({ slots: 1 });
  // Only now the rest: on a busy machine the first may be done with what it has before the second has begun.
  keys.push(...Array.from({ length: 6 }, offer));
  let busiest = 0;
  await eventually(() => {
    busiest = Math.max(busiest, busy());
    return keys.every((key) => scheduler.finishOf(key) !== undefined);
  }, WITHIN);
  expect(busiest).toBeLessThanOrEqual(3);
  expect(scheduler.given).toHaveLength(12);
  const holders = new Set(scheduler.given.map(({ executorId }) => executorId));
  expect([...holders].toSorted()).toEqual([first.id, second.id].toSorted());
});

test('drains: finishes what runs, takes nothing new, and says so', async () => {
  const { scheduler, bus } = fixture;
  await using executor = await fixture.startExecutor();
  const running = scheduler.offer(bus, aSleep(500));
  await eventually(async () => (await executor.slots())[0]?.runId === running.runId, WITHIN);
  const answer = await executor.client.drain({ deadlineMs: 5_000n });
  expect(answer).toMatchObject({ runningAttempts: 1, executor: { state: ExecutorState.DRAINING } });
  scheduler.offer(bus, { type: 'noop' });
  await eventually(() => scheduler.finishOf(running) !== undefined, WITHIN);
  await eventually(async () => {
    const { executor: described } = await executor.client.getStatus({});
    return described?.state === ExecutorState.STOPPED;
  }, WITHIN);
  expect(scheduler.finishOf(running)?.outcome?.$case).toBe('succeeded');
  expect(scheduler.given).toHaveLength(1);
});

test('hands back what does not finish in time, and says goodbye when it stops', async () => {
  const { scheduler, bus } = fixture;
  const executor = await fixture.startExecutor({ drainMs: 100 });
  const key = scheduler.offer(bus, aSleep(60_000));
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, WITHIN);
  await executor.stop();
  expect(scheduler.finishOf(key)?.outcome).toMatchObject({ $case: 'handedBack' });
  expect(scheduler.renewals.at(-1)?.executor?.state).toBe(ExecutorState.STOPPED);
});

test('refuses a drain of more than an hour', async () => {
  await using executor = await fixture.startExecutor();
  await expect(executor.client.drain({ deadlineMs: 3_600_001n })).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
  });
});
