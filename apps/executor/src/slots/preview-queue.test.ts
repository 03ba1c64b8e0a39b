import type { Clock } from '@floe/execution';
import { expect, test } from 'vitest';
import { PreviewQueue, type Preview } from './preview-queue.ts';

/** A clock that stands until it is told to go on. Its timers leave out parts of milliseconds, as those of Node do. */
function standingClock() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    after(ms, callback) {
      const timer = { atMs: nowMs + Math.trunc(ms), callback };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    soon: (callback) => callback(),
  };
  const goOn = (ms: number) => {
    nowMs += ms;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { callback } of due) callback();
  };
  return { clock, goOn, timers: () => timers.length };
}

function preview(taskId: string): Preview {
  const dataset = { taskId, datasetJson: '{}', maskedColumns: [] };
  return { dataset, isWanted: () => true, onMade: () => undefined };
}

function openQueue() {
  const { clock, goOn, timers } = standingClock();
  let told = 0;
  const queue = new PreviewQueue(clock, () => (told += 1));
  return { queue, goOn, timers, told: () => told };
}

const nameOf = (taken: Preview | undefined) => taken?.dataset.taskId;

test('a preview is due a second after it came, and is told of once (Q1)', () => {
  const { queue, goOn, told } = openQueue();
  queue.add(preview('first'));
  goOn(400);
  queue.add(preview('second'));
  expect(queue.takeDue()).toBeUndefined();
  goOn(600);
  expect(told()).toBe(1);
  expect(nameOf(queue.takeDue())).toBe('first');
  expect(queue.takeDue()).toBeUndefined();
  goOn(400);
  expect(told()).toBe(2);
  expect(nameOf(queue.takeDue())).toBe('second');
});

test('a timer that comes early tells of it again', () => {
  const { queue, goOn, timers, told } = openQueue();
  queue.add(preview('first'));
  goOn(0.5);
  queue.takeDue();
  goOn(999);
  expect(told()).toBe(1);
  expect(queue.takeDue()).toBeUndefined();
  expect(timers()).toBe(1);
  goOn(0.5);
  expect(told()).toBe(2);
  expect(nameOf(queue.takeDue())).toBe('first');
});

test('what nobody took when it was due is taken when a slot looks (Q2)', () => {
  const { queue, goOn, timers } = openQueue();
  queue.add(preview('late'));
  goOn(60_000);
  expect(timers()).toBe(0);
  expect(nameOf(queue.takeDue())).toBe('late');
});

test('with too many waiting the oldest is due at once (Q3)', () => {
  const { queue } = openQueue();
  for (let index = 0; index <= 256; index += 1) queue.add(preview(`${index}`));
  expect(nameOf(queue.takeDue())).toBe('0');
  expect(queue.takeDue()).toBeUndefined();
});

test('at the end all are taken, due or not, and no timer is left', () => {
  const { queue, timers } = openQueue();
  for (const name of ['one', 'two']) queue.add(preview(name));
  expect([queue.takeAny(), queue.takeAny(), queue.takeAny()].map(nameOf)).toEqual([
    'one',
    'two',
    undefined,
  ]);
  expect(timers()).toBe(0);
});
