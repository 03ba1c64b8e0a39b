import { beforeEach, expect, test } from 'vitest';
import { World, aLease } from './scripted-world.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  await world.start();
});

test('takes nothing new, finishes what runs, and is stopped when that is answered (E1-E3)', async () => {
  await world.answer([aLease('a')]);
  world.execution.drain(30_000);
  await world.time.advance(10_000);
  expect(world.exchanges).toHaveLength(1);
  await world.succeed('a');
  expect(world.lastExchange.free).toEqual({ slot: 0, light: 0 });
  expect(world.execution.state).toBe('draining');
  await world.answer();
  expect(world.execution.state).toBe('stopped');
});

test('hands back what does not finish in time, by the earliest of several drains (E2)', async () => {
  await world.answer([aLease('a')]);
  world.execution.drain(30_000);
  world.execution.drain(1_000);
  world.execution.drain(20_000);
  await world.time.advance(1_000);
  expect(world.workOf('a').stops).toEqual([{ kind: 'drained' }]);
  await world.die('a');
  expect(world.lastExchange.finished).toMatchObject([{ outcome: { kind: 'handed_back' } }]);
});

test('hands back a lease that was on its way (E2)', async () => {
  world.execution.drain(30_000);
  expect(world.execution.state).toBe('draining');
  await world.answer([aLease('a')]);
  expect(world.works).toHaveLength(0);
  expect(world.lastExchange).toMatchObject({
    free: { slot: 0, light: 0 },
    finished: [{ outcome: { kind: 'handed_back' } }],
  });
  await world.answer();
  expect(world.execution.state).toBe('stopped');
});

test('does not wait for ever for an answer', async () => {
  world.execution.drain(30_000);
  await world.time.advance(7_000);
  expect(world.execution.state).toBe('stopped');
});

test('gives up work whose end nobody takes when its lease is over (E3)', async () => {
  world.onRenew = () => [];
  await world.answer([aLease('a')]);
  world.execution.drain(0);
  await world.time.settle();
  await world.die('a');
  expect(world.execution.state).toBe('draining');
  await world.time.advance(20_000);
  expect(world.execution.state).toBe('stopped');
});

test('waits for no hints any more', async () => {
  await world.answer();
  const hint = world.openHints('light')[0]!;
  world.execution.drain(0);
  await world.time.settle();
  hint.give();
  await world.time.settle();
  expect(world.exchanges).toHaveLength(1);
});

test('says goodbye when it stops', async () => {
  await world.answer();
  const sent = world.renewals.length;
  await world.execution.stop(0);
  expect(world.renewals).toHaveLength(sent + 1);
  expect(world.execution.state).toBe('stopped');
});
