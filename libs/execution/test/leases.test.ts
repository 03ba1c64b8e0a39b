import { beforeEach, expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import { World, aLease } from './scripted-world.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  await world.start();
});

function away(): never {
  throw new FloeError('SERVICE_UNAVAILABLE', 'nobody answers');
}

test('tells that it lives at least every 2 s, also when it has nothing (K1)', async () => {
  const sent = world.renewals.length;
  await world.time.advance(2_000);
  expect(world.renewals.length).toBeGreaterThan(sent);
  expect(world.renewals.at(-1)).toEqual([]);
});

test('renews with the progress, and not what was just taken (K6)', async () => {
  await world.answer();
  await world.time.advance(1_100);
  await world.gainRoom({ slot: 1, light: 5 });
  await world.answer([aLease('a')]);
  world.workOf('a').listener.onProgress({ rows: 7, bytes: 70 });
  await world.time.advance(100);
  expect(world.renewals.at(-1)).toEqual([]);
  await world.time.advance(2_000);
  expect(world.renewals.at(-1)).toMatchObject([{ taskId: 'a', progress: { rows: 7, bytes: 70 } }]);
});

test('ends the work before the lease is over when no renewal is answered, and says nothing (K2, K3)', async () => {
  world.onRenew = away;
  await world.answer([aLease('a')]);
  await world.time.advance(7_999);
  expect(world.workOf('a').stops).toEqual([]);
  await world.time.advance(1);
  expect(world.workOf('a').stops).toMatchObject([{ kind: 'lost' }]);
  const told = world.exchanges.flatMap(({ finished }) => finished).length;
  await world.die('a');
  expect(world.exchanges.flatMap(({ finished }) => finished)).toHaveLength(told);
  expect(world.workOf('a').settlement).toBe('lost');
});

test('counts a lease from when it was asked for, also when the answer took long (K2)', async () => {
  world.onRenew = away;
  await world.time.advance(4_000);
  await world.answer([aLease('a')]);
  await world.time.advance(4_000);
  expect(world.workOf('a').stops).toMatchObject([{ kind: 'lost' }]);
});

test('goes on as long as renewals are answered (K3)', async () => {
  await world.answer([aLease('a')]);
  await world.time.advance(50_000);
  expect(world.workOf('a').stops).toEqual([]);
});

test('ends the work at once when a renewal is refused, and renews it no more (K4)', async () => {
  await world.answer([aLease('a'), aLease('b')]);
  world.onRenew = (renewals) =>
    renewals.map(({ taskId }) => ({ held: taskId !== 'a', cancel: false }));
  await world.time.advance(2_000);
  expect(world.workOf('a').stops).toMatchObject([{ kind: 'lost' }]);
  await world.time.advance(2_000);
  expect(world.renewals.at(-1)).toMatchObject([{ taskId: 'b' }]);
});

test('keeps the lease until the end is answered, and then says that nobody knows (A4)', async () => {
  world.onRenew = away;
  await world.answer([aLease('a')]);
  await world.succeed('a');
  expect(world.workOf('a').settlement).toBeUndefined();
  await world.time.advance(8_000);
  expect(world.workOf('a').settlement).toBe('unknown');
  await world.answer();
  expect(world.workOf('a').settlement).toBe('unknown');
});
