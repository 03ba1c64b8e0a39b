import { FloeError } from '@floe/errors';
import type { RunUpdate } from '@floe/client';
import { RunEvent } from '@floe/rpc/contracts';
import type { TailLogsResponse, WatchRunResponse } from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import { expect, test } from 'vitest';
import { startFixture } from './gateway-fixture.ts';
import type { Behind } from './gateway-fixture.ts';

const EVENTS = 6;

function event(sequence: number): WatchRunResponse {
  const value = RunEvent.create({ type: `event.${sequence}`, run: { runId: 'r1' } });
  return { sequence: BigInt(sequence), update: { $case: 'event', value } };
}

async function collect(updates: AsyncIterable<RunUpdate>): Promise<string[]> {
  const types: string[] = [];
  for await (const update of updates) if (update.kind === 'event') types.push(update.event.type);
  return types;
}

const all = Array.from({ length: EVENTS }, (_, index) => `event.${index + 1}`);

test('a stream that breaks off after any event is resumed without a gap or a double', async () => {
  const asked: bigint[] = [];
  const breaking: Behind = {
    reporting: {
      // Each connection gives one event and breaks; the last gives the end.
      watchRun: async function* ({ afterSequence }) {
        asked.push(afterSequence);
        if (afterSequence === BigInt(EVENTS)) return;
        yield event(Number(afterSequence) + 1);
        throw new FloeError('DATABASE_UNAVAILABLE', 'gone for a moment');
      },
    },
  };
  await using fixture = await startFixture(breaking);
  const tries: number[] = [];
  const onReconnect = ({ attempt }: { attempt: number }) => void tries.push(attempt);
  expect(await collect(fixture.client.watchRun('r1', { onReconnect }))).toEqual(all);
  expect(asked).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n]);
  expect(tries).toEqual([1, 1, 1, 1, 1, 1]);
});

test('browsers resume by Last-Event-ID and others by after_sequence', async () => {
  const asked: bigint[] = [];
  const reporting: Behind['reporting'] = {
    watchRun: async function* ({ afterSequence }) {
      asked.push(afterSequence);
      yield event(Number(afterSequence) + 1);
    },
  };
  await using fixture = await startFixture({ reporting });
  const url = `${fixture.url}/api/v1/runs/r1/events`;
  const byHeader = await (await fetch(url, { headers: { 'last-event-id': '3' } })).text();
  expect(byHeader).toContain(
    'id: 4\nevent: event\ndata: {"sequence":"4","event":{"type":"event.4"',
  );
  expect(byHeader.endsWith('event: end\ndata: {}\n\n')).toBe(true);
  await (await fetch(`${url}?after_sequence=5`, { headers: { 'last-event-id': '3' } })).text();
  expect(asked).toEqual([3n, 5n]);
});

test('an unknown run is 404, not a stream', async () => {
  const reporting: Behind['reporting'] = {
    // eslint-disable-next-line require-yield
    watchRun: async function* () {
      throw new FloeError('RUN_NOT_FOUND', 'no such run');
    },
  };
  await using fixture = await startFixture({ reporting });
  const response = await fetch(`${fixture.url}/api/v1/runs/r1/events`);
  expect(response.status).toBe(404);
  await expect(collect(fixture.client.watchRun('r1'))).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
  });
});

test('all who watch a run share one stream of the service, and the last one to leave closes it', async () => {
  let open = 0;
  const reporting: Behind['reporting'] = {
    watchRun: async function* (_, call) {
      open += 1;
      yield event(1);
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      open -= 1;
    },
  };
  await using fixture = await startFixture({ reporting }, { streamsMax: 2 });
  const [one, other] = [new AbortController(), new AbortController()];
  const url = `${fixture.url}/api/v1/runs/r1/events`;
  await Promise.all([fetch(url, one), fetch(url, other)]);
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  await eventually(() => open === 1, { withinMs: 5_000 });
  one.abort();
  await eventually(async () => (await readFirst(url)).includes('id: 1'), { withinMs: 5_000 });
  expect(open).toBe(1);
  other.abort();
  await eventually(() => open === 0, { withinMs: 5_000 });
  for await (const update of fixture.client.watchRun('r1')) {
    expect(update).toMatchObject({ kind: 'event', sequence: '1' });
    break;
  }
  await eventually(() => open === 0, { withinMs: 5_000 });
});

/** The first piece of a stream, or of what stands in its place. */
async function readFirst(url: string): Promise<string> {
  const leaving = new AbortController();
  const response = await fetch(url, leaving);
  const { value } = await response.body!.getReader().read();
  leaving.abort();
  return new TextDecoder().decode(value);
}

function line(sequence: number): TailLogsResponse {
  const time = new Date(0);
  const facts = { level: 'info', taskId: 'a', attempt: 1, fields: undefined };
  return { sequence: BigInt(sequence), line: { time, message: `line ${sequence}`, ...facts } };
}

test('log lines come as a list, or as a stream when followed', async () => {
  const asked: boolean[] = [];
  const reporting: Behind['reporting'] = {
    tailLogs: async function* ({ follow, afterSequence }) {
      asked.push(follow);
      for (let next = Number(afterSequence) + 1; next <= 3; next += 1) yield line(next);
    },
  };
  await using fixture = await startFixture({ reporting });
  const listed = await fixture.client.listLogs('r1', { taskId: 'a', afterSequence: '1' });
  expect(listed.map((entry) => entry.line.message)).toEqual(['line 2', 'line 3']);
  const followed: string[] = [];
  for await (const entry of fixture.client.tailLogs('r1')) followed.push(entry.line.message);
  expect(followed).toEqual(['line 1', 'line 2', 'line 3']);
  expect(asked).toEqual([false, true]);
});

test('a list of log lines is bounded and goes on after its last one', async () => {
  const reporting: Behind['reporting'] = {
    tailLogs: async function* ({ afterSequence }) {
      for (let next = Number(afterSequence) + 1; next <= 1_500; next += 1) yield line(next);
    },
  };
  await using fixture = await startFixture({ reporting });
  const first = await fixture.client.listLogs('r1');
  expect(first).toHaveLength(1_000);
  const rest = await fixture.client.listLogs('r1', { afterSequence: first.at(-1)?.sequence ?? '' });
  expect(rest).toHaveLength(500);
});
