/** The bug it hunts: a watcher that misses an event, or hears one twice, because it shares its stream with others. */
import { setImmediate as turn } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import { RunEvent, WatchRunRequest } from '@floe/rpc/contracts';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import { asyncProperty, assert, array, integer, record } from 'fast-check';
import { expect, test } from 'vitest';
import { MESSAGES_MAX } from './feed-window.ts';
import { RunFeeds, type WatchRun } from './run-feeds.ts';

const EVENTS = 3 * MESSAGES_MAX;

function event(sequence: bigint): WatchRunResponse {
  return { sequence, update: { $case: 'event', value: RunEvent.create() } };
}

/** A service with a run of so many events, of which each reader is told at once, some turns apart. */
function someService(events = EVENTS) {
  const seen = { opened: 0, open: 0, told: 0 };
  const watchRun: WatchRun = async function* ({ afterSequence }, { signal } = {}) {
    seen.opened += 1;
    seen.open += 1;
    try {
      for (let sequence = afterSequence + 1n; sequence <= BigInt(events); sequence += 1n) {
        await turn();
        signal?.throwIfAborted();
        seen.told += 1;
        yield event(sequence);
      }
    } finally {
      seen.open -= 1;
    }
  };
  return { seen, feeds: new RunFeeds(watchRun) };
}

function request(afterSequence: number): WatchRunRequest {
  return WatchRunRequest.create({ runId: 'r1', afterSequence: BigInt(afterSequence) });
}

/** Watches until the end, and rests for some turns after each message. */
async function watch(feeds: RunFeeds, afterSequence: number, rest = 0): Promise<number[]> {
  const sequences: number[] = [];
  for await (const message of feeds.watch(request(afterSequence))) {
    if (message.update?.$case === 'event') sequences.push(Number(message.sequence));
    for (let count = 0; count < rest; count += 1) await turn();
  }
  return sequences;
}

function from(first: number, last = EVENTS): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test('five hundred who watch one run cost one stream', async () => {
  const { seen, feeds } = someService();
  const all = await Promise.all(Array.from({ length: 500 }, () => watch(feeds, 0)));
  for (const sequences of all) expect(sequences).toEqual(from(1));
  expect(seen).toEqual({ opened: 1, open: 0, told: EVENTS });
});

test('whoever comes later, from elsewhere or slowly hears everything once and in order (S1)', async () => {
  const watcher = record({
    afterSequence: integer({ min: 0, max: EVENTS }),
    rest: integer({ min: 0, max: 8 }),
    comesAfter: integer({ min: 0, max: 2 * EVENTS }),
  });
  const property = asyncProperty(
    array(watcher, { minLength: 1, maxLength: 6 }),
    async (watchers) => {
      const { seen, feeds } = someService();
      const told = watchers.map(async ({ afterSequence, rest, comesAfter }) => {
        for (let count = 0; count < comesAfter; count += 1) await turn();
        expect(await watch(feeds, afterSequence, rest)).toEqual(from(afterSequence + 1));
      });
      await Promise.all(told);
      expect(seen.open).toBe(0);
    },
  );
  await assert(property, { numRuns: 25 });
});

test('a slow one falls behind, and holds up nobody (S2)', async () => {
  const { seen, feeds } = someService();
  let hasSlowEnded = false;
  const slow = watch(feeds, 0, 20).finally(() => {
    hasSlowEnded = true;
  });
  expect(await watch(feeds, 0)).toEqual(from(1));
  expect(hasSlowEnded).toBe(false);
  expect(await slow).toEqual(from(1));
  expect(seen.opened).toBeGreaterThan(1);
  expect(seen.open).toBe(0);
});

test('one that has caught up joins the others, and its own stream is closed (S2)', async () => {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let open = 0;
  const feeds = new RunFeeds(async function* ({ afterSequence }) {
    open += 1;
    try {
      for (let sequence = afterSequence + 1n; sequence <= 10n; sequence += 1n)
        yield event(sequence);
      await finished;
      yield event(11n);
    } finally {
      open -= 1;
    }
  });
  const early = watch(feeds, 9);
  for (let count = 0; count < 5; count += 1) await turn();
  const late = watch(feeds, 2);
  for (let count = 0; count < 50; count += 1) await turn();
  finish();
  expect(await early).toEqual([10, 11]);
  expect(await late).toEqual(from(3, 11));
  expect(open).toBe(0);
});

test('the last one to leave closes the stream', async () => {
  let signals: AbortSignal[] = [];
  const feeds = new RunFeeds(async function* (_, { signal } = {}) {
    signals = [...signals, signal!];
    yield event(1n);
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  });
  const leaving = [new AbortController(), new AbortController()];
  const watchers = leaving.map(async ({ signal }) => {
    for await (const _ of feeds.watch(request(0), { signal })) void _;
  });
  await turn();
  leaving[0]?.abort(new FloeError('CANCELLED', 'the caller gave up'));
  await expect(watchers[0]).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  leaving[1]?.abort();
  await expect(watchers[1]).rejects.toThrow();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('an error is told to all, and whoever comes after it tries anew (F2)', async () => {
  let opened = 0;
  const feeds = new RunFeeds(async function* ({ afterSequence }) {
    opened += 1;
    if (afterSequence > 0n) return;
    yield event(1n);
    throw new FloeError('DATABASE_UNAVAILABLE', 'gone for a moment');
  });
  const heard = await Promise.allSettled([watch(feeds, 0), watch(feeds, 0)]);
  expect(heard.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await watch(feeds, 1)).toEqual([]);
  expect(opened).toBe(2);
});

test('tells newcomers how far tasks are, and nobody twice', async () => {
  const feeds = new RunFeeds(async function* (_, { signal } = {}) {
    yield event(1n);
    const value = { taskId: 'a', rows: 7n, bytes: 9n, items: undefined };
    yield { sequence: 1n, update: { $case: 'progress', value } };
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  });
  const kinds = async (afterSequence: number, count: number) => {
    const heard: (string | undefined)[] = [];
    for await (const { update } of feeds.watch(request(afterSequence))) {
      heard.push(update?.$case);
      if (heard.length === count) break;
    }
    return heard;
  };
  const first = feeds.watch(request(0))[Symbol.asyncIterator]();
  await first.next();
  await first.next();
  expect(await kinds(1, 1)).toEqual(['progress']);
  expect(await kinds(0, 2)).toEqual(['event', 'progress']);
  await first.return?.();
});
