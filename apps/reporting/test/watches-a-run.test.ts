import type { WatchRunResponse } from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from './collect.ts';
import { startFixture } from './reporting-fixture.ts';
import type { Fixture } from './reporting-fixture.ts';
import { appendEvent, storeRun } from './stored-run.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

type Seen = { readonly sequence: bigint; readonly type: string };

function eventsOf(messages: readonly WatchRunResponse[]): Seen[] {
  return messages.flatMap(({ sequence, update }) =>
    update?.$case === 'event' ? [{ sequence, type: update.value.type }] : [],
  );
}

async function watchToEnd(runId: string, afterSequence: bigint): Promise<Seen[]> {
  const messages = fixture.client.watchRun({ runId, afterSequence }, { deadlineMs: 10_000 });
  return eventsOf(await collect(messages));
}

async function storeEndedRun(eventCount: number): Promise<string> {
  const runId = await storeRun(fixture.db, { state: 'running' });
  for (let count = 1; count < eventCount; count += 1) {
    await appendEvent(fixture.db, { runId, type: 'task.running', taskId: 'a' });
  }
  await appendEvent(fixture.db, { runId, type: 'run.succeeded', state: 'succeeded' });
  return runId;
}

test('an ended run is told whole and then the stream ends', async () => {
  // More than one page of events.
  const runId = await storeEndedRun(230);
  const seen = await watchToEnd(runId, 0n);
  expect(seen.map((event) => event.sequence)).toEqual(
    Array.from({ length: 230 }, (_, index) => BigInt(index + 1)),
  );
  expect(seen.at(-1)?.type).toBe('run.succeeded');
});

test('a watch that was cut anywhere and resumed equals a full replay (1)', async () => {
  const runId = await storeEndedRun(12);
  const whole = await watchToEnd(runId, 0n);
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const before: Seen[] = [];
    if (cut > 0) {
      for await (const message of fixture.client.watchRun({ runId, afterSequence: 0n })) {
        before.push(...eventsOf([message]));
        if (before.length === cut) break;
      }
    }
    const after = await watchToEnd(runId, before.at(-1)?.sequence ?? 0n);
    expect([...before, ...after]).toEqual(whole);
  }
});

test('live events come in order without a gap, also when the bus says nothing (2)', async () => {
  const runId = await storeRun(fixture.db, { state: 'running' });
  const watching = watchToEnd(runId, 0n);
  for (let count = 1; count <= 40; count += 1) {
    await appendEvent(fixture.db, { runId, type: 'task.running', taskId: `t${count}` });
  }
  await appendEvent(fixture.db, { runId, type: 'run.failed', state: 'failed' });
  const seen = await watching;
  expect(seen.map((event) => event.sequence)).toEqual(
    Array.from({ length: 41 }, (_, index) => BigInt(index + 1)),
  );
});

test('news that the bus tells of is told sooner than the poll would', async () => {
  const runId = await storeRun(fixture.db, { state: 'queued' });
  await appendEvent(fixture.db, { runId, type: 'run.queued' });
  const messages = fixture.client.watchRun({ runId, afterSequence: 0n })[Symbol.asyncIterator]();
  await messages.next();
  const startedAt = performance.now();
  const sequence = await appendEvent(fixture.db, {
    runId,
    type: 'run.cancelled',
    state: 'cancelled',
  });
  fixture.bus.publishChanges([runId]);
  expect((await messages.next()).value).toMatchObject({ sequence: BigInt(sequence) });
  // The poll of a queued run comes once a second.
  expect(performance.now() - startedAt).toBeLessThan(900);
  expect((await messages.next()).done).toBe(true);
});

test('a running task tells how far it is', async () => {
  const now = Date.now();
  const runId = await storeRun(fixture.db, {
    state: 'running',
    tasks: [
      {
        taskId: 'a',
        state: 'running',
        attempts: [{ state: 'running', readyAt: now, claimedAt: now, rows: 5 }],
      },
    ],
  });
  for await (const message of fixture.client.watchRun({ runId, afterSequence: 0n })) {
    expect(message.update).toEqual({
      $case: 'progress',
      value: { taskId: 'a', rows: 5n, bytes: 0n },
    });
    break;
  }
});

test('a task with several attempts at once tells of all of them, and of its items', async () => {
  const now = Date.now();
  const attempt = { state: 'running', readyAt: now, claimedAt: now } as const;
  const items = { total: 9, succeeded: 4, failed: 1 };
  const attempts = [
    { ...attempt, rows: 5 },
    { ...attempt, rows: 7 },
  ];
  const runId = await storeRun(fixture.db, {
    state: 'running',
    tasks: [{ taskId: 'each', state: 'running', rows: 20, items, attempts }],
  });
  for await (const message of fixture.client.watchRun({ runId, afterSequence: 0n })) {
    expect(message.update).toEqual({
      $case: 'progress',
      value: { taskId: 'each', rows: 32n, bytes: 0n, items },
    });
    break;
  }
});

test('the run of an event carries the link to its trace', async () => {
  const runId = await storeEndedRun(1);
  const [message] = await collect(fixture.client.watchRun({ runId, afterSequence: 0n }));
  const run = message?.update?.$case === 'event' ? message.update.value.run : undefined;
  expect(run?.traceUrl).toBe(`http://jaeger.test:16686/trace/${run?.traceId}`);
});

test('a number that the run has not reached is refused', async () => {
  const runId = await storeEndedRun(2);
  await expect(watchToEnd(runId, 3n)).rejects.toMatchObject({ code: 'PAGE_TOKEN_INVALID' });
  await expect(watchToEnd(runId, -1n)).rejects.toMatchObject({ code: 'PAGE_TOKEN_INVALID' });
});

test('an unknown run cannot be watched', async () => {
  const runId = '01890a5d-ac96-774b-bcce-b302099a8057';
  await expect(watchToEnd(runId, 0n)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});
