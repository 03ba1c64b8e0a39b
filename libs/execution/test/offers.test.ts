import { FloeError } from '@floe/errors';
import { beforeEach, expect, test } from 'vitest';
import { STORE_AHEAD_MS, World, aLease } from './scripted-world.ts';

const AWAY = new FloeError('SERVICE_UNAVAILABLE', 'the scheduler is away');

let world: World;

beforeEach(async () => {
  world = new World();
  await world.start();
  await world.answer();
});

test('leaves its room with a scheduler when there is nothing to exchange (S1)', () => {
  expect(world.offers).toMatchObject([
    { free: { slot: 1, light: 4 }, finished: [], repeated: false, waitMs: 2_000 },
  ]);
  const { answerBy } = world.lastOffer;
  expect(answerBy! - STORE_AHEAD_MS - world.time.clock.nowMs()).toBe(3_000);
});

test('begins what an offer brings, tells its end, and only then offers again (S1)', async () => {
  await world.answerOffer([aLease('a')]);
  expect(world.works).toHaveLength(1);
  expect(world.lastOffer.free).toEqual({ slot: 1, light: 3 });
  await world.succeed('a');
  expect(world.lastExchange).toMatchObject({ finished: [{ lease: { taskId: 'a' } }] });
  await world.answer();
  expect(world.workOf('a').settlement).toBe('accepted');
});

test('offers room once: an exchange has what the offer does not hold (S2)', async () => {
  await world.answerOffer([aLease('a', { lane: 'slot' })]);
  expect(world.lastOffer.free).toEqual({ slot: 0, light: 4 });
  await world.succeed('a');
  expect(world.lastExchange.free).toEqual({ slot: 1, light: 0 });
});

test('withdraws the offer before it looks for work, and looks with all of its room (S3)', async () => {
  const offer = world.lastOffer;
  world.openHints('light')[0]!.give();
  await world.time.settle();
  expect(offer.isRecalled).toBe(true);
  expect(world.exchanges).toHaveLength(2);
  expect(world.lastExchange.free).toEqual({ slot: 1, light: 4 });
});

test('takes what a recalled offer had brought already (S3)', async () => {
  world.answersRecalls = false;
  world.openHints('light')[0]!.give();
  await world.time.settle();
  expect(world.exchanges).toHaveLength(1);
  await world.answerOffer([aLease('a')]);
  expect(world.works).toHaveLength(1);
  expect(world.lastExchange.free).toEqual({ slot: 1, light: 3 });
});

test('looks elsewhere when a recall is not answered at once (S3)', async () => {
  world.answersRecalls = false;
  world.openHints('light')[0]!.give();
  await world.time.advance(249);
  expect(world.exchanges).toHaveLength(1);
  await world.time.advance(1);
  expect(world.lastExchange.free).toEqual({ slot: 1, light: 4 });
});

test('asks what an unanswered offer has brought until it knows (S4)', async () => {
  const { token } = world.lastOffer;
  world.lastOffer.reject(AWAY);
  await world.time.advance(50);
  expect(world.lastExchange).toMatchObject({ token, repeated: true, free: { slot: 0, light: 0 } });
  await world.fail(AWAY);
  await world.time.advance(100);
  expect(world.lastExchange).toMatchObject({ token, repeated: true });
  await world.answer([aLease('a')]);
  expect(world.works).toHaveLength(1);
  expect(world.lastOffer.token).not.toBe(token);
});

test('offers again when an offer is over, but not at once to one who does not wait (S5, S6)', async () => {
  await world.time.advance(2_000);
  await world.answerOffer();
  expect(world.offers).toHaveLength(2);
  await world.answerOffer();
  expect(world.offers).toHaveLength(2);
});

test('looks at once when more is ready than an offer had room for', async () => {
  const before = world.exchanges.length;
  await world.answerOffer([aLease('a')], true);
  expect(world.exchanges).toHaveLength(before + 1);
});

test('hands back what an offer brings while it drains, and waits for it (E2)', async () => {
  world.answersRecalls = false;
  const stopped = world.execution.stop(1_000);
  await world.time.settle();
  expect(world.lastOffer.isRecalled).toBe(true);
  expect(world.execution.state).toBe('draining');
  await world.answerOffer([aLease('late')]);
  expect(world.lastExchange.finished).toMatchObject([
    { lease: { taskId: 'late' }, outcome: { kind: 'handed_back' } },
  ]);
  await world.answer();
  await stopped;
  expect(world.execution.state).toBe('stopped');
});
