import { eventually } from '@floe/testing';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture } from './reporting-fixture.ts';
import type { Fixture } from './reporting-fixture.ts';
import { appendEvent, storeRun } from './stored-run.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

/** Watches like a client that resumes after every error that another try may mend. */
async function watchResuming(runId: string, onEvent: (sequence: bigint) => Promise<void>) {
  const sequences: bigint[] = [];
  const watchOnce = async () => {
    const afterSequence = sequences.at(-1) ?? 0n;
    for await (const message of fixture.client.watchRun({ runId, afterSequence })) {
      if (!isEvent(message)) continue;
      sequences.push(message.sequence);
      await onEvent(message.sequence);
    }
  };
  await eventually(watchOnce, { withinMs: 15_000 });
  return sequences;
}

function isEvent(message: WatchRunResponse): boolean {
  return message.update?.$case === 'event';
}

test('a watch resumes without a gap when PostgreSQL was killed under it', async () => {
  const runId = await storeRun(fixture.db, { state: 'running' });
  await appendEvent(fixture.db, { runId, type: 'run.started' });
  const sequences = await watchResuming(runId, async (sequence) => {
    if (sequence !== 1n) return;
    await fixture.postgres.crashAndRestart();
    const append = () => appendEvent(fixture.db, { runId, type: 'task.running', taskId: 'a' });
    await eventually(append, { withinMs: 10_000 });
    await appendEvent(fixture.db, { runId, type: 'run.succeeded', state: 'succeeded' });
  });
  expect(sequences).toEqual([1n, 2n, 3n]);
});

test('a watch goes on by polling while NATS is away', async () => {
  const runId = await storeRun(fixture.db, { state: 'running' });
  await appendEvent(fixture.db, { runId, type: 'run.started' });
  const sequences = await watchResuming(runId, async (sequence) => {
    if (sequence !== 1n) return;
    await fixture.nats.crashAndRestart();
    await appendEvent(fixture.db, { runId, type: 'run.failed', state: 'failed' });
  });
  expect(sequences).toEqual([1n, 2n]);
});
