import { TailLogsRequest } from '@floe/rpc/contracts';
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

async function tail(runId: string, options: Partial<TailLogsRequest> = {}) {
  const request = TailLogsRequest.create({ ...options, runId });
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

test('finds lines by text, level, time and attempt, with the numbers that they have among all', async () => {
  const runId = await storeRun(fixture.db, { tasks: [{ taskId: 'a' }] });
  const line = { runId, taskId: 'a', attempt: 1, timeMs: 1_000 };
  await fixture.bus.publishLogs([
    { ...line, level: 'debug', message: 'Reading 50% of_it' },
    { ...line, level: 'warn', message: 'slow', timeMs: 2_000 },
    { ...line, level: 'error', message: 'gave up', attempt: 2, timeMs: 3_000 },
  ]);
  const messages = async (options: Partial<TailLogsRequest>) =>
    (await tail(runId, options)).map(({ message }) => message);
  expect(await messages({ search: 'reading 50% OF_' })).toEqual(['Reading 50% of_it']);
  expect(await messages({ search: 'r%g' })).toEqual([]);
  expect(await messages({ level: 'warn' })).toEqual(['slow', 'gave up']);
  expect(await messages({ attempt: 2 })).toEqual(['gave up']);
  const times = { fromTime: new Date(2_000), toTime: new Date(3_000) };
  expect(await messages(times)).toEqual(['slow']);
  const [, , last] = await tail(runId);
  const [found] = await tail(runId, { search: 'gave' });
  expect(found).toEqual(last);
  expect(await tail(runId, { search: 'gave', afterSequence: found!.sequence })).toEqual([]);
});
