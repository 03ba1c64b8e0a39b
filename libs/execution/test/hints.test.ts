import { expect, test } from 'vitest';
import { World, aLease } from './scripted-world.ts';

test('waits for one hint a lane, and acknowledges it after an exchange has looked (H1, H2)', async () => {
  const world = new World();
  await world.start();
  await world.answer();
  expect(world.hints.map((hint) => hint.lane)).toEqual(['slot', 'light']);
  const [slot] = world.hints;
  slot!.give();
  await world.time.settle();
  expect(world.exchanges).toHaveLength(2);
  expect(slot!.state).toBe('asked');
  await world.answer([aLease('a', { lane: 'slot' })]);
  expect(slot!.state).toBe('acked');
  expect(world.openHints('slot')).toHaveLength(0);
  await world.succeed('a');
  await world.answer();
  expect(world.openHints('slot')).toHaveLength(1);
});

test('a hint that comes during an exchange is looked for by the next one (H2)', async () => {
  const world = new World();
  await world.start();
  world.openHints('light')[0]!.give();
  await world.time.settle();
  expect(world.exchanges).toHaveLength(1);
  await world.answer();
  expect(world.exchanges).toHaveLength(2);
});

test('leaves a hint to others when the room is gone (H2)', async () => {
  const world = new World();
  world.room = { slot: 1, light: 0 };
  await world.start();
  const [hint] = world.openHints('slot');
  await world.answer([aLease('a', { lane: 'slot' })]);
  hint!.give();
  await world.time.settle();
  expect(hint!.state).toBe('released');
  expect(world.exchanges).toHaveLength(1);
});

test('waits for no hint of a lane without room (H1)', async () => {
  const world = new World();
  world.room = { slot: 0, light: 2 };
  await world.start();
  expect(world.hints.map((hint) => hint.lane)).toEqual(['light']);
  await world.gainRoom({ slot: 1, light: 2 });
  expect(world.openHints('slot')).toHaveLength(1);
});
