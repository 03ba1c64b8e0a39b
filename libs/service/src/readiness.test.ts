import { expect, test } from 'vitest';
import { createReadiness } from './readiness.ts';

test('says which parts are missing, also those that say nothing', async () => {
  const checkReady = createReadiness({
    here: async () => undefined,
    gone: () => Promise.reject(new Error('secret words')),
    silent: () => new Promise(() => undefined),
  });
  const error: unknown = await checkReady().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: 'not ready: gone, silent',
  });
  expect(JSON.stringify(error)).not.toContain('secret words');
});

test('looks anew each time, and once for probes at the same time', async () => {
  let looks = 0;
  let isThere = false;
  const checkReady = createReadiness({
    part: async () => {
      looks += 1;
      if (!isThere) throw new Error('not yet');
    },
  });
  await Promise.allSettled([checkReady(), checkReady()]);
  expect(looks).toBe(1);
  isThere = true;
  await expect(checkReady()).resolves.toBeUndefined();
});
