/** Tasks that die, hang, eat memory or do not end, with real Polars and real PostgreSQL: each fails alone, in words. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FinishAttemptRequest, TaskSpec } from '@floe/rpc/internal-contracts';
import { eventually, startTestPostgres } from '@floe/testing';
import type { TestPostgres } from '@floe/testing';
import type { AttemptKey } from './attempt-scheduler.ts';
import { openFixture } from './executor-fixture.ts';
import type { Fixture, RunningExecutor } from './executor-fixture.ts';
import { isAlive } from './executor-process.ts';

const WITHIN = { withinMs: 15_000 };
const MIB = 1024 * 1024;
// Four hundred million pairs are done in half a second; each of them with a thousand more takes minutes.
const ENDLESS = `pairs = rows.join(rows, how="cross", suffix="_b")
triples = pairs.join(rows.head(1000), how="cross", suffix="_c")
triples.filter((pl.col("n") + pl.col("n_b") + pl.col("n_c")) < 0)`;
// Sorted, the pairs have to be in memory.
const GREEDY = 'rows.join(rows, how="cross").sort(pl.col("n") + pl.col("n_right"))';
// A date beyond its calendar is where Polars panics instead of failing.
const PANICKING =
  'rows.with_columns(d=(pl.col("n") + 2_000_000_000).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y"))';

let postgres: TestPostgres;
let fixture: Fixture;
let executor: RunningExecutor;
let rows: TaskSpec['inputs'];

beforeAll(async () => {
  postgres = await startTestPostgres();
  fixture = await openFixture();
  fixture.scheduler.postgres = postgres;
  executor = await fixture.startExecutor({ slots: 2 });
  const query = 'select n from generate_series(1, 20000) as n';
  const key = offer('postgres_extract', { connection: 'source', query });
  const { outcome } = await finishOf(key);
  const datasetJson = outcome?.$case === 'succeeded' ? outcome.value.datasetJson : '';
  rows = [{ taskId: 'rows', datasetJson }];
});

afterAll(async () => {
  await executor.stop();
  await fixture[Symbol.asyncDispose]();
  await postgres.stop();
});

function offer(type: string, config: object, task: Partial<TaskSpec> = {}): AttemptKey {
  const configJson = JSON.stringify(config);
  return fixture.scheduler.offer(fixture.bus, { type, configJson, ...task });
}

function transform(polars: string, task: Partial<TaskSpec> = {}): AttemptKey {
  return offer('expression_transform', { polars }, { inputs: rows, ...task });
}

async function finishOf(key: AttemptKey): Promise<FinishAttemptRequest> {
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  return fixture.scheduler.finishOf(key)!;
}

async function pidOf(key: AttemptKey): Promise<number> {
  const find = async () => (await executor.slots()).find((slot) => slot.runId === key.runId);
  await eventually(async () => (await find()) !== undefined, WITHIN);
  return Number((await find())?.processId);
}

test('ends a greedy Polars query at its memory limit, in words, and leaves its neighbour alone', async () => {
  const neighbour = offer('sleep', { duration_ms: 1_500 });
  const neighbourPid = await pidOf(neighbour);
  const limit = 300 * MIB;
  const greedy = transform(GREEDY, { memoryLimitBytes: BigInt(limit) });
  const { outcome, peakMemoryBytes } = await finishOf(greedy);
  expect(outcome).toMatchObject({
    value: {
      lost: false,
      retryable: true,
      failure: {
        code: 'MEMORY_EXCEEDED',
        message: expect.stringMatching(/^the task used \d+\.\d of 300\.0 MiB of memory/),
      },
    },
  });
  expect(Number(peakMemoryBytes)).toBeGreaterThan(limit);
  // What it may take beyond its limit before it is caught.
  expect(Number(peakMemoryBytes)).toBeLessThan(limit + 300 * MIB);
  expect((await finishOf(neighbour)).outcome?.$case).toBe('succeeded');
  expect(isAlive(neighbourPid)).toBe(true);
});

test('cancels a running Polars query within 2 s', async () => {
  const key = transform(ENDLESS);
  const pid = await pidOf(key);
  const startedMs = performance.now();
  fixture.bus.publishStop(executor.id, key);
  const { outcome } = await finishOf(key);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(outcome).toMatchObject({ value: { cancelled: true, failure: { code: 'RUN_CANCELLED' } } });
  expect(isAlive(pid)).toBe(false);
});

test('names the task whose plan made Polars panic, and runs the next', async () => {
  const { outcome } = await finishOf(transform(PANICKING));
  expect(outcome).toMatchObject({
    value: {
      failure: {
        code: 'WORKER_CRASHED',
        message: expect.stringMatching(/task "task" \(expression_transform\).*Polars aborted/),
      },
      lost: true,
    },
  });
  const next = await finishOf(transform('rows.head(1)'));
  expect(next.outcome).toMatchObject({ $case: 'succeeded', value: { rows: 1n } });
});

test('ends a task that reports no progress', async () => {
  const key = transform(ENDLESS, { progressTimeoutMs: 600n });
  const { outcome } = await finishOf(key);
  expect(outcome).toMatchObject({
    value: {
      lost: false,
      timedOut: false,
      failure: { code: 'PROGRESS_TIMEOUT', message: expect.stringContaining('0.6 s') },
    },
  });
});

test('ends a task whose process does not answer any more', async () => {
  const key = transform(ENDLESS, { progressTimeoutMs: 1_000n });
  const pid = await pidOf(key);
  process.kill(pid, 'SIGSTOP');
  const { outcome } = await finishOf(key);
  expect(outcome).toMatchObject({ value: { failure: { code: 'PROGRESS_TIMEOUT' } } });
  expect(isAlive(pid)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'offers its workers to the kernel before anything else when memory runs out',
  async () => {
    await eventually(async () => (await executor.slots())[0]?.processId !== 0n, WITHIN);
    const [slot] = await executor.slots();
    const score = await readFile(`/proc/${slot?.processId}/oom_score_adj`, 'utf8');
    const own = await readFile('/proc/self/oom_score_adj', 'utf8');
    expect(Number(score)).toBeGreaterThan(Number(own));
  },
);
