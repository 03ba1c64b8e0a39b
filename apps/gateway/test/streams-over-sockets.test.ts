/** Event streams as pages take them: over WebSockets, which browsers do not count among their six connections to a host. */
import { FloeError } from '@floe/errors';
import { RunEvent } from '@floe/rpc/contracts';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import { expect, test } from 'vitest';
import { startFixture } from './gateway-fixture.ts';
import type { Behind } from './gateway-fixture.ts';
import { listen } from './open-socket.ts';

function event(sequence: number): WatchRunResponse {
  const value = RunEvent.create({ type: `event.${sequence}` });
  return { sequence: BigInt(sequence), update: { $case: 'event', value } };
}

const threeEvents: Behind['reporting'] = {
  watchRun: async function* ({ afterSequence }) {
    for (let next = Number(afterSequence) + 1; next <= 3; next += 1) yield event(next);
  },
  tailLogs: async function* ({ runId }) {
    yield* [];
    throw new FloeError('RUN_NOT_FOUND', `no run ${runId}`);
  },
};

test('a WebSocket brings the same texts as HTTP, and is closed behind the end', async () => {
  await using fixture = await startFixture({ reporting: threeEvents });
  const url = `${fixture.url}/api/v1/runs/r1/events?after_sequence=1`;
  const overHttp = await (await fetch(url)).text();
  const heard = await listen(url, { protocols: ['floe.events'] });
  expect(heard).toEqual({ text: overHttp, closeCode: 1000, protocol: 'floe.events' });
  expect(overHttp.match(/^id: .*/gm)).toEqual(['id: 2', 'id: 3']);
});

test('what is refused is an event of its own', async () => {
  await using fixture = await startFixture({ reporting: threeEvents });
  const api = `${fixture.url}/api/v1`;
  const missing = await listen(`${api}/runs/r9/logs?follow=true`);
  expect(missing.text).toMatch(/^event: problem\ndata: .*"status":404.*"code":"RUN_NOT_FOUND"/);
  const wrong = await listen(`${api}/runs/r1/events?after=1`);
  expect(wrong.text).toContain('"code":"ARGUMENT_INVALID"');
});

test('counts as a stream of the gateway until it is closed', async () => {
  const waiting: Behind['reporting'] = {
    watchRun: async function* (_, call) {
      yield event(1);
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
    },
  };
  await using fixture = await startFixture({ reporting: waiting }, { streamsMax: 1 });
  const url = `${fixture.url}/api/v1/runs/r1/events`;
  const first = new WebSocket(url.replace(/^http/, 'ws'));
  await new Promise((resolve) => first.addEventListener('message', resolve, { once: true }));
  expect((await fetch(url)).status).toBe(503);
  expect((await listen(url)).text).toContain('too many event streams are open');
  first.close();
  const leaving = new AbortController();
  await eventually(async () => (await fetch(url, leaving)).status === 200, { withinMs: 5_000 });
  leaving.abort();
});

test('a gateway that stops breaks it off, without an end', async () => {
  const fixture = await startFixture({
    reporting: {
      watchRun: async function* (_, call) {
        yield event(1);
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      },
    },
  });
  const url = `${fixture.url}/api/v1/runs/r1/events`;
  const heard = listen(url);
  const first = new WebSocket(url.replace(/^http/, 'ws'));
  await new Promise((resolve) => first.addEventListener('message', resolve, { once: true }));
  await fixture[Symbol.asyncDispose]();
  expect(await heard).toMatchObject({ text: expect.not.stringContaining('end'), closeCode: 1001 });
});

test('no page of another site listens', async () => {
  await using fixture = await startFixture({ reporting: threeEvents });
  const url = `${fixture.url}/api/v1/runs/r1/events`;
  const listenFrom = (origin: string) => listen(url, { headers: { origin } });
  await expect(listenFrom('https://evil.example')).rejects.toThrow('refused');
  expect((await listenFrom(fixture.url)).text).toContain('event: end');
});
