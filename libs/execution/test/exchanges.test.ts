import { beforeEach, expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import { STORE_AHEAD_MS, World, aLease } from './scripted-world.ts';

const AWAY = new FloeError('SERVICE_UNAVAILABLE', 'nobody answers');
const WRONG = new FloeError('ARGUMENT_INVALID', 'no such outcome');

let world: World;

beforeEach(async () => {
  world = new World();
  await world.start();
});

function tasksOf(finished: readonly { readonly lease: { readonly taskId: string } }[]): string[] {
  return finished.map(({ lease }) => lease.taskId);
}

test('looks for work at its start with all its room, and begins what it gets', async () => {
  expect(world.exchanges).toMatchObject([{ repeated: false, free: { slot: 1, light: 4 } }]);
  await world.answer([aLease('a'), aLease('b', { lane: 'slot' })]);
  expect(world.works.map((work) => work.lease.work)).toEqual(['a', 'b']);
});

test('tells an end at once, with the room it leaves, and begins the successor of the answer (X1, X3)', async () => {
  await world.answer([aLease('a', { lane: 'slot' })]);
  await world.succeed('a');
  expect(world.exchanges).toHaveLength(2);
  expect(world.lastExchange).toMatchObject({
    free: { slot: 1, light: 0 },
    finished: [{ outcome: { kind: 'succeeded' }, lease: { taskId: 'a', token: 'token' } }],
  });
  await world.answer([aLease('b', { lane: 'slot' })]);
  expect(world.workOf('a').settlement).toBe('accepted');
  expect(world.works).toHaveLength(2);
});

test('sends what ends in one moment together, and collects the rest while one is under way (X1)', async () => {
  await world.answer(['a', 'b', 'c', 'd'].map((task) => aLease(task)));
  world.endWork('a');
  world.endWork('b');
  await world.time.settle();
  await world.succeed('c');
  await world.succeed('d');
  expect(world.exchanges).toHaveLength(2);
  expect(tasksOf(world.lastExchange.finished)).toEqual(['a', 'b']);
  await world.answer();
  expect(world.exchanges).toHaveLength(3);
  expect(tasksOf(world.lastExchange.finished)).toEqual(['c', 'd']);
});

test('repeats a request without an answer under its token, with the same ends and room (X2)', async () => {
  await world.answer([aLease('a'), aLease('b')]);
  await world.succeed('a');
  const first = world.lastExchange;
  await world.fail(AWAY);
  await world.succeed('b');
  await world.time.advance(1_000);
  const { token, repeated, free, finished } = world.lastExchange;
  expect({ token, repeated, free }).toEqual({
    token: first.token,
    repeated: true,
    free: first.free,
  });
  expect(tasksOf(finished)).toEqual(['a']);
  await world.answer();
  expect(world.lastExchange).toMatchObject({
    repeated: false,
    finished: [{ lease: { taskId: 'b' } }],
  });
  expect(world.lastExchange.token).not.toBe(first.token);
});

test('asks again at once while answers give something and more is ready (X4)', async () => {
  await world.answer([aLease('a')], true);
  expect(world.exchanges).toHaveLength(2);
  expect(world.lastExchange.free).toEqual({ slot: 1, light: 3 });
  await world.answer([], true);
  expect(world.exchanges).toHaveLength(2);
});

test('asks for nothing while it has no room', async () => {
  world.room = { slot: 0, light: 1 };
  await world.answer([aLease('a')], true);
  await world.time.advance(10_000);
  expect(world.exchanges).toHaveLength(1);
});

test('looks without a hint every few seconds (X5)', async () => {
  await world.answer();
  await world.time.advance(3_000);
  expect(world.exchanges).toHaveLength(2);
  await world.answer();
  await world.time.advance(3_000);
  expect(world.exchanges).toHaveLength(3);
});

test('looks when there is more room', async () => {
  await world.answer();
  await world.gainRoom({ slot: 2, light: 4 });
  expect(world.lastExchange.free).toEqual({ slot: 2, light: 4 });
});

test('offers no room before it knows the clock of the store (X6)', async () => {
  const other = new World();
  other.execution.start();
  await other.time.settle();
  expect(other.exchanges).toMatchObject([{ free: { slot: 0, light: 0 } }]);
  expect(other.lastExchange.answerBy).toBeUndefined();
  await other.answer();
  expect(other.lastExchange.free).toEqual({ slot: 1, light: 4 });
});

test('says until when it waits by the clock of the store, anew with each repetition (X6)', async () => {
  const waitsMs = () => world.lastExchange.answerBy! - STORE_AHEAD_MS - world.time.clock.nowMs();
  expect(waitsMs()).toBe(3_000);
  await world.time.advance(3_000);
  await world.fail(AWAY);
  await world.time.advance(50);
  expect(world.lastExchange.repeated).toBe(true);
  expect(waitsMs()).toBeGreaterThan(2_900);
});

test('asks again at once when the store says that it decided too late (X6)', async () => {
  const { answerBy } = world.lastExchange;
  const late = { accepted: [], leases: [], moreReady: true, decidedAt: answerBy! + 1 };
  world.lastExchange.resolve(late);
  await world.time.settle();
  expect(world.exchanges).toHaveLength(2);
  await world.answer([aLease('a')]);
  expect(world.works).toHaveLength(1);
});

test('tells ends alone when the scheduler calls them wrong together (X7)', async () => {
  await world.answer([aLease('good'), aLease('bad')]);
  world.endWork('good');
  world.endWork('bad');
  await world.time.settle();
  await world.fail(WRONG);
  expect(tasksOf(world.lastExchange.finished)).toEqual(['good']);
  expect(world.lastExchange.free).toEqual({ slot: 0, light: 0 });
  await world.answer();
  expect(tasksOf(world.lastExchange.finished)).toEqual(['bad']);
  await world.fail(WRONG);
  expect(world.workOf('good').settlement).toBe('accepted');
  expect(world.workOf('bad').settlement).toBe('unknown');
  expect(world.lastExchange).toMatchObject({ finished: [], free: { slot: 1, light: 4 } });
});

test('says so when another attempt has replaced one', async () => {
  await world.answer([aLease('a')]);
  await world.succeed('a');
  world.lastExchange.resolve({ accepted: [false], leases: [], moreReady: false });
  await world.time.settle();
  expect(world.workOf('a').settlement).toBe('refused');
});

test('gives back a lease whose answer took half of its time', async () => {
  await world.time.advance(5_001);
  await world.answer([aLease('late')]);
  expect(world.works).toHaveLength(0);
  expect(world.lastExchange.finished).toMatchObject([{ outcome: { kind: 'handed_back' } }]);
});

test('tells long ends in several messages', async () => {
  world.room = { slot: 1, light: 10 };
  await world.answer(['a', 'b', 'c'].map((task) => aLease(task)));
  const failure = { code: 'INTERNAL', message: 'x'.repeat(600_000), details: {}, retryable: false };
  for (const task of ['a', 'b', 'c']) {
    world.workOf(task).listener.onEnd({ kind: 'failed', failure, peakMemoryBytes: 0 });
  }
  await world.time.settle();
  expect(tasksOf(world.lastExchange.finished)).toEqual(['a']);
  await world.answer();
  expect(tasksOf(world.lastExchange.finished)).toEqual(['b']);
});
