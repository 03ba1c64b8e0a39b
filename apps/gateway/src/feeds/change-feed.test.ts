import { setImmediate as turn } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { ChangeFeed, type WatchRuns } from './change-feed.ts';

/** A service that tells what it is given, until its reader leaves. */
function someService() {
  const seen = { opened: 0, open: 0 };
  let push: (runIds: string[] | Error) => void = () => undefined;
  const watchRuns: WatchRuns = async function* (_, { signal } = {}) {
    seen.opened += 1;
    seen.open += 1;
    try {
      yield { runIds: [] };
      for (;;) {
        const next = await new Promise<string[] | Error>((resolve) => {
          push = resolve;
          signal?.addEventListener('abort', () => resolve(new Error('left')), { once: true });
        });
        if (next instanceof Error) throw next;
        yield { runIds: next };
      }
    } finally {
      seen.open -= 1;
    }
  };
  const tell = async (next: string[] | Error) => {
    push(next);
    for (let count = 0; count < 5; count += 1) await turn();
  };
  return { seen, tell, feed: new ChangeFeed(watchRuns) };
}

test('all listeners share one stream, and each begins with a message without runs (C1)', async () => {
  const { seen, tell, feed } = someService();
  const [one, other] = [feed.watch(), feed.watch()];
  expect((await one.next()).value).toEqual({ runIds: [] });
  await tell(['a']);
  expect((await one.next()).value).toEqual({ runIds: ['a'] });
  expect((await other.next()).value).toEqual({ runIds: [] });
  await tell(['b']);
  expect((await one.next()).value).toEqual({ runIds: ['b'] });
  expect((await other.next()).value).toEqual({ runIds: ['b'] });
  expect(seen).toEqual({ opened: 1, open: 1 });
  await one.return();
  expect(seen.open).toBe(1);
  await other.return();
  await turn();
  expect(seen.open).toBe(0);
});

test('gathers what a slow one has not taken, each run once and not without bound (C2)', async () => {
  const { tell, feed } = someService();
  const slow = feed.watch();
  await slow.next();
  for (let index = 0; index <= 1_000; index += 1) await tell([`run ${index}`, 'again']);
  const { value } = await slow.next();
  expect(value?.runIds).toHaveLength(1_000);
  expect(value?.runIds).toContain('run 1000');
  expect(value?.runIds).not.toContain('run 0');
  await slow.return();
});

test('an error is told to all, and the next listener opens it anew (C3)', async () => {
  const { seen, tell, feed } = someService();
  const [one, other] = [feed.watch(), feed.watch()];
  await Promise.all([one.next(), other.next()]);
  const heard = Promise.allSettled([one.next(), other.next()]);
  await tell(new FloeError('BUS_UNAVAILABLE', 'gone for a moment'));
  expect((await heard).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = feed.watch();
  expect((await next.next()).value).toEqual({ runIds: [] });
  expect(seen.opened).toBe(2);
  const leaving = new AbortController();
  const leaver = feed.watch({ signal: leaving.signal });
  await leaver.next();
  leaving.abort(new FloeError('CANCELLED', 'the caller gave up'));
  await expect(leaver.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  await next.return();
});
