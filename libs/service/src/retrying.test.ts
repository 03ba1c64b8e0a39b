import { expect, test } from 'vitest';
import { backoffMs, retrying } from './retrying.ts';

function setUp(failures: number) {
  const pauses: number[] = [];
  let calls = 0;
  const fn = async () => {
    calls += 1;
    if (calls <= failures) throw new Error(`failure ${calls}`);
    return calls;
  };
  const options = {
    attempts: 4,
    baseMs: 100,
    maxMs: 300,
    isRetryable: () => true,
    sleep: async (ms: number) => void pauses.push(ms),
    random: () => 0.5,
  };
  return { fn, options, pauses, calls: () => calls };
}

test('tries again until it succeeds, with growing pauses up to the bound', async () => {
  const { fn, options, pauses } = setUp(3);
  expect(await retrying(fn, options)).toBe(4);
  expect(pauses).toEqual([50, 100, 150]);
});

test('gives up after the attempts with the last error', async () => {
  const { fn, options, calls } = setUp(9);
  await expect(retrying(fn, options)).rejects.toThrow('failure 4');
  expect(calls()).toBe(4);
});

test('does not try again what cannot succeed', async () => {
  const { fn, options, calls } = setUp(9);
  await expect(retrying(fn, { ...options, isRetryable: () => false })).rejects.toThrow('failure 1');
  expect(calls()).toBe(1);
});

test('the bound holds however often it failed', () => {
  expect(backoffMs(10_000, { baseMs: 100, maxMs: 5_000 })).toBe(5_000);
});
