import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '@floe/testing';
import type { LogLine } from '@floe/bus';
import { openFixture } from './executor-fixture.ts';
import type { Fixture, RunningExecutor } from './executor-fixture.ts';
import type { AttemptKey } from './attempt-scheduler.ts';

const WITHIN = { withinMs: 10_000 };
const LONG_SLEEP = { type: 'sleep', configJson: '{"duration_ms":60000}' };

let fixture: Fixture;
let executor: RunningExecutor;

beforeAll(async () => {
  fixture = await openFixture();
  executor = await fixture.startExecutor();
});

afterAll(async () => {
  await executor.stop();
  await fixture[Symbol.asyncDispose]();
});

async function untilBusy(key: AttemptKey): Promise<number> {
  await eventually(async () => (await executor.slots())[0]?.runId === key.runId, WITHIN);
  return Number((await executor.slots())[0]?.processId);
}

async function outcomeOf(key: AttemptKey) {
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  return fixture.scheduler.finishOf(key);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}

async function logOf(key: AttemptKey): Promise<string[]> {
  const lines: LogLine[] = [];
  for await (const batch of fixture.bus.readLogs({ runId: key.runId, follow: false })) {
    lines.push(...batch.lines);
  }
  return lines.map((line) => line.message);
}

test('runs a noop and a sleep one after the other on the same warm worker', async () => {
  const pid = (await executor.slots())[0]?.processId;
  const noop = fixture.scheduler.offer(fixture.bus, { type: 'noop' });
  const sleep = fixture.scheduler.offer(fixture.bus, {
    type: 'sleep',
    configJson: '{"duration_ms":20}',
  });
  for (const key of [noop, sleep]) {
    const finish = await outcomeOf(key);
    expect(finish?.outcome).toMatchObject({ $case: 'succeeded', value: { datasetJson: '' } });
    expect(Number(finish?.peakMemoryBytes)).toBeGreaterThan(1024 * 1024);
  }
  expect((await executor.slots())[0]?.processId).toBe(pid);
});

test('writes the beginning and the end of an attempt to its log', async () => {
  const key = fixture.scheduler.offer(fixture.bus, { type: 'noop' });
  await outcomeOf(key);
  await eventually(async () => (await logOf(key)).length === 2, WITHIN);
  const lines = await logOf(key);
  expect(lines).toEqual([
    `claimed by executor ${executor.id}`,
    expect.stringMatching(/^succeeded: 0 rows, 0 bytes, \d+ ms$/),
  ]);
});

test('fails a task whose dataset is not what its contract pins', async () => {
  const contractJson = '[{"name":"total","type":{"kind":"int64"}}]';
  const key = fixture.scheduler.offer(fixture.bus, { type: 'noop', contractJson });
  const finish = await outcomeOf(key);
  expect(finish?.outcome).toMatchObject({
    $case: 'failed',
    value: { failure: { code: 'CONTRACT_BROKEN', message: expect.stringContaining('"total"') } },
  });
});

test('fails a task of unknown type in words, and keeps its worker', async () => {
  const key = fixture.scheduler.offer(fixture.bus, { type: 'slep' });
  const finish = await outcomeOf(key);
  expect(finish?.outcome).toMatchObject({
    $case: 'failed',
    value: { lost: false, failure: { code: 'NOT_IMPLEMENTED', hint: 'did you mean "sleep"?' } },
  });
});

test('reports an attempt as lost when its worker is killed, and replaces the worker', async () => {
  const key = fixture.scheduler.offer(fixture.bus, LONG_SLEEP);
  const pid = await untilBusy(key);
  process.kill(pid, 'SIGKILL');
  const finish = await outcomeOf(key);
  expect(finish?.outcome).toMatchObject({
    $case: 'failed',
    value: {
      lost: true,
      retryable: true,
      failure: {
        code: 'WORKER_CRASHED',
        message: expect.stringMatching(/task "task" \(sleep\): it was killed by SIGKILL$/),
      },
    },
  });
  const next = fixture.scheduler.offer(fixture.bus, { type: 'noop' });
  expect((await outcomeOf(next))?.outcome?.$case).toBe('succeeded');
  expect(Number((await executor.slots())[0]?.processId)).not.toBe(pid);
});

test('names the abort of Polars when a worker dies of it', async () => {
  const key = fixture.scheduler.offer(fixture.bus, LONG_SLEEP);
  process.kill(await untilBusy(key), 'SIGABRT');
  expect((await outcomeOf(key))?.outcome).toMatchObject({
    value: { lost: true, failure: { message: expect.stringContaining('Polars aborted') } },
  });
});

test('cancels a sleep within 2 s of a stop hint', async () => {
  const key = fixture.scheduler.offer(fixture.bus, LONG_SLEEP);
  const pid = await untilBusy(key);
  const startedMs = performance.now();
  fixture.bus.publishStop(executor.id, key);
  const finish = await outcomeOf(key);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(finish?.outcome).toMatchObject({ value: { cancelled: true, lost: false } });
  expect(isAlive(pid)).toBe(false);
});

test('ignores a stop hint for another epoch', async () => {
  const key = fixture.scheduler.offer(fixture.bus, {
    type: 'sleep',
    configJson: '{"duration_ms":500}',
  });
  await untilBusy(key);
  fixture.bus.publishStop(executor.id, { ...key, epoch: key.epoch + 1 });
  expect((await outcomeOf(key))?.outcome?.$case).toBe('succeeded');
});

test('kills a task at its timeout', async () => {
  const key = fixture.scheduler.offer(fixture.bus, { ...LONG_SLEEP, timeoutMs: 300n });
  expect((await outcomeOf(key))?.outcome).toMatchObject({
    value: {
      timedOut: true,
      failure: { code: 'ATTEMPT_TIMEOUT', message: expect.stringContaining('0.3 s') },
    },
  });
});

test('kills a task above its memory limit, in words', async () => {
  const limit = BigInt(10 * 1024 * 1024);
  const key = fixture.scheduler.offer(fixture.bus, {
    ...LONG_SLEEP,
    memoryLimitBytes: limit,
  });
  const finish = await outcomeOf(key);
  expect(finish?.outcome).toMatchObject({
    value: {
      lost: false,
      timedOut: false,
      failure: {
        code: 'MEMORY_EXCEEDED',
        message: expect.stringMatching(/used \d+\.\d of 10\.0 MiB/),
      },
    },
  });
  expect(finish?.peakMemoryBytes).toBeGreaterThan(limit);
});

test('leaves no dataset of attempts that failed', async () => {
  const runs = await readdir(fixture.datasetDir);
  const files = await Promise.all(runs.map((run) => readdir(`${fixture.datasetDir}/${run}`)));
  expect(files.flat()).toEqual([]);
});
