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

async function publish(runId: string, taskId: string, messages: readonly string[]): Promise<void> {
  await fixture.bus.publishLogs(
    messages.map((message) => ({
      runId,
      taskId,
      attempt: 1,
      timeMs: Date.now(),
      level: 'info' as const,
      message,
    })),
  );
}

type Tail = {
  readonly taskId?: string;
  readonly afterSequence?: bigint;
  readonly follow?: boolean;
};

async function tail(runId: string, options: Tail = {}) {
  const { taskId = '', afterSequence = 0n, follow = false } = options;
  const request = { runId, taskId, afterSequence, follow };
  const lines = await collect(fixture.client.tailLogs(request, { deadlineMs: 15_000 }));
  return lines.map(({ sequence, line }) => ({ sequence, message: line?.message ?? '' }));
}

test('a reader that stops within a batch goes on with its next line', async () => {
  const runId = await storeRun(fixture.db, { tasks: [{ taskId: 'a' }] });
  await publish(runId, 'a', ['one', 'two', 'three']);
  await publish(runId, 'a', ['four']);
  const whole = await tail(runId);
  expect(whole.map((line) => line.message)).toEqual(['one', 'two', 'three', 'four']);
  for (const [index, line] of whole.entries()) {
    expect(await tail(runId, { afterSequence: line.sequence })).toEqual(whole.slice(index + 1));
  }
});

test('shows the lines of one task only when asked to', async () => {
  const runId = await storeRun(fixture.db, { tasks: [{ taskId: 'a' }, { taskId: 'b' }] });
  await publish(runId, 'a', ['of a']);
  await publish(runId, 'b', ['of b']);
  const lines = await tail(runId, { taskId: 'b' });
  expect(lines.map((line) => line.message)).toEqual(['of b']);
  await expect(tail(runId, { taskId: 'c' })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
});

test('follows until the run has ended and its last lines are told', async () => {
  const runId = await storeRun(fixture.db, { tasks: [{ taskId: 'a' }] });
  await publish(runId, 'a', ['before']);
  const following = tail(runId, { follow: true });
  await publish(runId, 'a', ['while']);
  await appendEvent(fixture.db, { runId, type: 'run.succeeded', state: 'succeeded' });
  await publish(runId, 'a', ['late']);
  expect((await following).map((line) => line.message)).toEqual(['before', 'while', 'late']);
});

test('the log of a run that has ended before is told and ends', async () => {
  const runId = await storeRun(fixture.db, { state: 'succeeded', tasks: [{ taskId: 'a' }] });
  await publish(runId, 'a', ['only']);
  const lines = await tail(runId, { follow: true });
  expect(lines.map((line) => line.message)).toEqual(['only']);
});
