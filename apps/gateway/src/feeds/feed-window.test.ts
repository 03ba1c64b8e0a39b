import { RunEvent } from '@floe/rpc/contracts';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import { expect, test } from 'vitest';
import { FeedWindow, MESSAGES_MAX } from './feed-window.ts';

function event(sequence: number): WatchRunResponse {
  return { sequence: BigInt(sequence), update: { $case: 'event', value: RunEvent.create() } };
}

function progress(sequence: number): WatchRunResponse {
  const value = { taskId: 'a', rows: 1n, bytes: 1n, items: undefined };
  return { sequence: BigInt(sequence), update: { $case: 'progress', value } };
}

test('covers what was asked for until it is let go (W2, W3)', () => {
  const window = new FeedWindow(4n);
  expect([3n, 4n, 5n].map((one) => window.covers(one))).toEqual([false, true, false]);
  for (let sequence = 5; sequence <= 5 + MESSAGES_MAX; sequence += 1) window.push(event(sequence));
  expect([4n, 5n, BigInt(5 + MESSAGES_MAX)].map((one) => window.covers(one))).toEqual([
    false,
    true,
    true,
  ]);
  expect(window.next(window.placeAfter(5n))?.message.sequence).toBe(6n);
});

test('finds the first message above a sequence, or the end', () => {
  const window = new FeedWindow(0n);
  for (const message of [event(1), progress(1), event(2)]) window.push(message);
  expect(window.placeAfter(0n)).toBe(0);
  expect(window.placeAfter(1n)).toBe(2);
  expect(window.placeAfter(2n)).toBe(3);
  expect(window.next(3)).toBeUndefined();
});

test('goes on behind progress that was let go before it was read', () => {
  const window = new FeedWindow(0n);
  window.push(event(1));
  const { place } = window.next(0)!;
  window.push(progress(1));
  for (let sequence = 2; sequence <= MESSAGES_MAX + 1; sequence += 1) window.push(event(sequence));
  expect(window.covers(1n)).toBe(true);
  expect(window.next(place)?.message.sequence).toBe(2n);
});
