import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

async function* upTo(count: number) {
  for (let item = 0; item < count; item += 1) yield item;
}

const signal = new AbortController().signal;

test.each([1, 3])('has %i under way at most, and gives results in order', async (parallel) => {
  let underWay = 0;
  let most = 0;
  const results: number[] = [];
  const work = async (item: number) => {
    underWay += 1;
    most = Math.max(most, underWay);
    // Later ones of each three end earlier.
    for (let turns = 3 - (item % 3); turns > 0; turns -= 1) await setImmediate();
    underWay -= 1;
    return item;
  };
  for await (const result of inTurn(upTo(10), { parallel, signal }, work)) results.push(result);
  expect(results).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(parallel);
});

test('one that fails aborts the others and waits for their end', async () => {
  const ended: number[] = [];
  const begun: number[] = [];
  const work = async (item: number, either: AbortSignal) => {
    begun.push(item);
    if (item === 1) throw new Error('refused');
    if (item > 1) await new Promise((resolve) => either.addEventListener('abort', resolve));
    ended.push(item);
    return item;
  };
  const all = async () => {
    for await (const _ of inTurn(upTo(10), { parallel: 4, signal }, work));
  };
  await expect(all()).rejects.toThrow('refused');
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(ended).toEqual([0, 2, 3, 4]);
});
