import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '@floe/testing';
import { FloeError } from '@floe/errors';
import { openFixture } from './executor-fixture.ts';
import type { Fixture } from './executor-fixture.ts';

const WITHIN = { withinMs: 10_000 };
const LONG_SLEEP = { type: 'sleep', configJson: '{"duration_ms":60000}' };

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(() => fixture[Symbol.asyncDispose]());

test('tells at least every 2 s that it lives, also when it is idle (K1)', async () => {
  await using executor = await fixture.startExecutor({ slots: 2 });
  const { renewals } = fixture.scheduler;
  const before = renewals.length;
  await eventually(() => renewals.length > before, WITHIN);
  const startedMs = performance.now();
  await eventually(() => renewals.length > before + 1, WITHIN);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  const { executor: described } = await executor.client.getStatus({});
  expect(renewals.at(-1)?.executor).toMatchObject({
    executorId: executor.id,
    address: described?.address,
    slots: 2,
    busySlots: 0,
  });
});

test('kills the worker and says nothing when the scheduler ends the lease (K4)', async () => {
  await using executor = await fixture.startExecutor();
  const { scheduler, bus } = fixture;
  const key = scheduler.offer(bus, LONG_SLEEP);
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, WITHIN);
  scheduler.verdict = { held: false, cancel: false };
  await eventually(async () => (await executor.slots())[0]?.runId === '', WITHIN);
  scheduler.verdict = { held: true, cancel: false };
  const next = scheduler.offer(bus, { type: 'noop' });
  await eventually(() => scheduler.finishOf(next) !== undefined, WITHIN);
  expect(scheduler.finishOf(key)).toBeUndefined();
});

test('cancels when a renewal says so', async () => {
  await using executor = await fixture.startExecutor();
  const { scheduler, bus } = fixture;
  const key = scheduler.offer(bus, LONG_SLEEP);
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, WITHIN);
  scheduler.verdict = { held: true, cancel: true };
  await eventually(() => scheduler.finishOf(key) !== undefined, WITHIN);
  expect(scheduler.finishOf(key)?.outcome).toMatchObject({ value: { cancelled: true } });
});

test('fences itself before the lease is over when no renewal is answered (K3)', async () => {
  const { scheduler, bus } = fixture;
  scheduler.leaseMs = 1_500;
  scheduler.onRenew = () => {
    throw new FloeError('DATABASE_UNAVAILABLE', 'the test takes no renewals');
  };
  await using executor = await fixture.startExecutor();
  const key = scheduler.offer(bus, LONG_SLEEP);
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, WITHIN);
  const claimedMs = performance.now();
  await eventually(async () => (await executor.slots())[0]?.runId === '', WITHIN);
  expect(performance.now() - claimedMs).toBeLessThan(1_500);
  expect(scheduler.finishOf(key)).toBeUndefined();
});

test('reports an end until it is answered, and renews the lease meanwhile (A4)', async () => {
  const { scheduler, bus } = fixture;
  await using _executor = await fixture.startExecutor();
  scheduler.onExchanged = ({ finished }) => {
    if (finished.length === 0) return;
    throw new FloeError('DATABASE_UNAVAILABLE', 'the test takes no outcome yet');
  };
  const key = scheduler.offer(bus, { type: 'noop' });
  await eventually(() => scheduler.finishes.length >= 3, WITHIN);
  const renewed = scheduler.renewals.length;
  await eventually(
    () =>
      scheduler.renewals.slice(renewed).some(({ renewals }) => renewals[0]?.runId === key.runId),
    WITHIN,
  );
  scheduler.onExchanged = ({ finished }) => {
    if (finished.length === 0) return;
  };
  const tries = scheduler.finishes.length;
  await eventually(() => scheduler.finishes.length > tries, WITHIN);
  expect(new Set(scheduler.finishes.map((finish) => finish.outcome?.$case))).toEqual(
    new Set(['succeeded']),
  );
});

/** Runs a short task that seems to make a dataset, up to the end of its attempt. Returns the path of the dataset. */
async function runWithDataset(): Promise<string> {
  await using executor = await fixture.startExecutor();
  const { scheduler, bus, datasetDir } = fixture;
  const key = scheduler.offer(bus, { type: 'sleep', configJson: '{"duration_ms":1000}' });
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, WITHIN);
  const path = join(datasetDir, key.runId, `${key.taskId}-${key.epoch}.ipc`);
  await mkdir(join(datasetDir, key.runId), { recursive: true });
  await writeFile(path, 'rows');
  await eventually(async () => (await executor.slots())[0]?.runId === '', WITHIN);
  return path;
}

test('keeps a dataset whose success may have been accepted without an answer (A3)', async () => {
  const { scheduler } = fixture;
  scheduler.onExchanged = ({ finished }) => {
    if (finished.length === 0) return;
    // Accepted, so the lease is over; and the answer is lost.
    scheduler.verdict = { held: false, cancel: false };
    throw new FloeError('SERVICE_UNAVAILABLE', 'gone before it could answer');
  };
  expect(existsSync(await runWithDataset())).toBe(true);
});

test('removes a dataset that the scheduler refused (A3)', async () => {
  fixture.scheduler.accepts = false;
  expect(existsSync(await runWithDataset())).toBe(false);
});
