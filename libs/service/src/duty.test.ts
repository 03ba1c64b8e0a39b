import type { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { startDuty } from './duty.ts';

// No test waits for a pause: the duty would have to be awake for an hour.
const HOUR_MS = 3_600_000;

function noError(error: FloeError): void {
  throw error;
}

test('begins at once, and again when woken', async () => {
  const passes = counter();
  await using duty = startDuty({
    name: 'sweep',
    everyMs: HOUR_MS,
    run: passes.add,
    onError: noError,
  });
  await passes.reach(1);
  duty.wake();
  await passes.reach(2);
});

test('repeats by itself after its pause', async () => {
  const passes = counter();
  await using _ = startDuty({ name: 'sweep', everyMs: 1, run: passes.add, onError: noError });
  await passes.reach(5);
});

test('goes on after an error and reports it (D2)', async () => {
  const passes = counter();
  const errors: FloeError[] = [];
  const run = async () => {
    await passes.add();
    if (passes.value() === 1) throw new Error('no database');
  };
  await using _ = startDuty({
    name: 'sweep',
    everyMs: HOUR_MS,
    run,
    onError: (e) => errors.push(e),
  });
  await passes.reach(2);
  expect(errors.map((error) => error.message)).toEqual(['no database']);
});

test('wakes during a pass cause one more, never two at once (D1, D3)', async () => {
  const passes = counter();
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let runningMost = 0;
  const run = async () => {
    running += 1;
    runningMost = Math.max(runningMost, running);
    await passes.add();
    if (passes.value() === 1) await gate.promise;
    running -= 1;
  };
  const duty = startDuty({ name: 'sweep', everyMs: HOUR_MS, run, onError: noError });
  await passes.reach(1);
  for (let wake = 0; wake < 5; wake += 1) duty.wake();
  gate.resolve();
  await passes.reach(2);
  await duty.stop();
  expect(passes.value()).toBe(2);
  expect(runningMost).toBe(1);
});

test('stop aborts the pass, waits for it, and its error is none (D4)', async () => {
  const passes = counter();
  let hasEnded = false;
  const run = async (signal: AbortSignal) => {
    await passes.add();
    await new Promise<void>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason)),
    ).finally(() => (hasEnded = true));
  };
  const duty = startDuty({ name: 'sweep', everyMs: 1, run, onError: noError });
  await passes.reach(1);
  await duty.stop();
  expect(hasEnded).toBe(true);
  expect(passes.value()).toBe(1);
});

function counter() {
  let value = 0;
  const waiting: { target: number; resolve: () => void }[] = [];
  return {
    value: () => value,
    add: async () => {
      value += 1;
      for (const waiter of waiting) if (value >= waiter.target) waiter.resolve();
    },
    reach: (target: number) =>
      new Promise<void>((resolve) => {
        if (value >= target) resolve();
        else waiting.push({ target, resolve });
      }),
  };
}
