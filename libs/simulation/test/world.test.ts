import { expect, test } from 'vitest';
import { diceFor } from '../src/world/dice.ts';
import { Process } from '../src/world/process.ts';
import { VirtualTime } from '../src/world/virtual-time.ts';

async function runOut(time: VirtualTime): Promise<void> {
  await time.run(() => false);
}

test('what is due first happens first, and in the order of asking at one instant (T1)', async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  for (const [name, ms] of [
    ['c', 20],
    ['a', 10],
    ['d', 20],
    ['b', 10],
  ] as const)
    time.after(ms, () => void seen.push(`${name}${time.now}`));
  await runOut(time);
  expect(seen).toEqual(['a10', 'b10', 'c20', 'd20']);
});

test('all promises have run their course before time goes on (T2)', async () => {
  const time = new VirtualTime();
  const seen: number[] = [];
  time.after(1, () => {
    void (async () => {
      for (let step = 0; step < 100; step += 1) await Promise.resolve();
      seen.push(time.now);
    })();
  });
  time.after(2, () => seen.push(time.now));
  await runOut(time);
  expect(seen).toEqual([1, 2]);
});

test('what was called off does not happen', async () => {
  const time = new VirtualTime();
  const happening = time.after(5, () => expect.unreachable('it was called off'));
  happening.callOff();
  await runOut(time);
});

test('a dead process hears nothing, a paused one hears it when it goes on (P1, P2)', async () => {
  const time = new VirtualTime();
  const [dead, paused] = [new Process('dead', time), new Process('paused', time)];
  const seen: string[] = [];
  dead.after(5, () => expect.unreachable('it is dead'));
  paused.after(5, () => seen.push(`first at ${time.now}`));
  paused.after(6, () => seen.push(`second at ${time.now}`));
  dead.kill();
  paused.pause();
  time.after(50, () => paused.resume());
  await runOut(time);
  expect(seen).toEqual(['first at 50', 'second at 50']);
});

test('dice of one purpose do not depend on those of another', () => {
  const alone = diceFor(7, 'nats');
  const beside = diceFor(7, 'nats');
  const other = diceFor(7, 'database');
  other.next();
  expect([alone.next(), alone.next()]).toEqual([beside.next(), beside.next()]);
  expect(diceFor(8, 'nats').next()).not.toBe(diceFor(7, 'nats').next());
});
