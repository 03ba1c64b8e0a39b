/** What a caller may cost, and how the gateway stops. */
import { setTimeout as delay } from 'node:timers/promises';
import { ListRunsResponse } from '@floe/rpc/contracts';
import { expect, test } from 'vitest';
import { startFixture } from './gateway-fixture.ts';

const SLOW_MS = 400;

test('a caller that asks too often is told when to come again', async () => {
  const rates = { requestsMax: 3, failuresMax: 100 };
  await using fixture = await startFixture({}, { rates });
  const ask = () => fetch(`${fixture.url}/api/v1/caller`);
  for (let count = 0; count < 3; count += 1) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'LIMIT_EXCEEDED', status: 429 });
  // Probes are nobody's.
  expect((await fetch(`${fixture.url}/healthz`)).status).toBe(200);
});

test('an address that names wrong tokens is soon not even looked at', async () => {
  const rates = { requestsMax: 100, failuresMax: 2 };
  await using fixture = await startFixture({}, { rates });
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${fixture.url}/api/v1/caller`, { headers })).status;
  const wrong = { authorization: 'Bearer floe_wrong' };
  const statuses = [await ask(wrong), await ask(wrong), await ask(wrong), await ask(wrong)];
  expect(statuses.slice(0, 2)).toEqual([401, 401]);
  expect(statuses.at(-1)).toBe(429);
});

test('headers above 16 KiB are refused', async () => {
  await using fixture = await startFixture({});
  const headers = { 'x-long': 'y'.repeat(20_000) };
  const response = await fetch(`${fixture.url}/healthz`, { headers });
  expect(response.status).toBe(431);
});

test('a stop lets an answer that is under way finish, and breaks streams off without an end', async () => {
  const fixture = await startFixture({
    reporting: {
      listRuns: async () => {
        await delay(SLOW_MS);
        return ListRunsResponse.create({ runs: [{ runId: 'r1' }] });
      },
      watchRun: async function* () {
        yield { sequence: 1n, update: undefined };
        await delay(60_000, undefined, { ref: false });
      },
    },
  });
  const slow = fetch(`${fixture.url}/api/v1/runs`);
  const stream = await fetch(`${fixture.url}/api/v1/runs/r1/events`);
  const heard = stream.text();
  await delay(SLOW_MS / 4);
  const startedAt = performance.now();
  await fixture[Symbol.asyncDispose]();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await (await slow).json()).toMatchObject({ runs: [{ runId: 'r1' }] });
  const text = await heard;
  expect(text).toContain('event: heartbeat');
  expect(text).not.toMatch(/event: (end|problem)/);
  await expect(fetch(`${fixture.url}/healthz`)).rejects.toThrow();
});

test('a name in the path that is longer than any is refused as too long', async () => {
  await using fixture = await startFixture({});
  const response = await fetch(`${fixture.url}/api/v1/runs/${'x'.repeat(600)}`);
  expect(response.status).toBe(414);
  expect(await response.json()).toMatchObject({ code: 'LIMIT_EXCEEDED', status: 414 });
});
