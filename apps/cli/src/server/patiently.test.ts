import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { patiently } from './patiently.ts';

const unreached = () =>
  new FloeError('SERVICE_UNAVAILABLE', 'no Floe answers', { details: { url: 'http://x' } });
const busy = () => new FloeError('SERVICE_UNAVAILABLE', 'the scheduler is away');

/** Fails so many times, and then answers how often it was called. */
function failing(times: number, error: () => FloeError) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw error();
    return calls;
  };
}

test('calls again while the server is away, and says so once', async () => {
  const told: string[] = [];
  const answer = await patiently(failing(2, unreached), { onWait: () => void told.push('away') });
  expect([answer, told]).toEqual([3, ['away']]);
});

test('waits for no server that nobody has reached, but for a service behind it', async () => {
  await expect(patiently(failing(1, unreached), { isFirst: true })).rejects.toThrow('no Floe');
  expect(await patiently(failing(1, busy), { isFirst: true })).toBe(2);
});

test('ends its waiting when it is told to', async () => {
  const stop = new AbortController();
  const waiting = patiently(failing(Infinity, unreached), {
    onWait: () => stop.abort(),
    signal: stop.signal,
  });
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
});
