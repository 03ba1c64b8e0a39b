/** Attempts that carry out several tasks, with real workers and Polars: one query, and an error of the task that has it. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '@floe/bus';
import { StagedTask, TaskSpec, type FinishAttemptRequest } from '@floe/rpc/internal-contracts';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttemptKey } from './attempt-scheduler.ts';
import { openFixture, type Fixture, type RunningExecutor } from './executor-fixture.ts';

const WITHIN = { withinMs: 15_000 };
let fixture: Fixture;
let executor: RunningExecutor;
let folder: string;
let rows: TaskSpec['inputs'][number];

beforeAll(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(tmpdir(), 'floe-stages-'));
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files/rows.csv'), 'id,t\n1,5\n2,x\n3,7\n');
  const settings = { FLOE_FILES_DIR: join(folder, 'files') };
  executor = await fixture.startExecutor({ settings });
  const extract = { type: 'file_extract', configJson: '{"path":"rows.csv"}' };
  const { outcome } = await finishOf(fixture.scheduler.offer(fixture.bus, extract));
  const datasetJson = outcome?.$case === 'succeeded' ? outcome.value.datasetJson : '';
  rows = { taskId: 'rows', datasetJson };
});

afterAll(async () => {
  await executor.stop();
  await fixture[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function finishOf(key: AttemptKey): Promise<FinishAttemptRequest> {
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  return fixture.scheduler.finishOf(key)!;
}

const NOT_STORED = (taskId: string) => ({ taskId, datasetJson: 'null' });

function spec(polars: string, inputs: TaskSpec['inputs'], fields: Partial<TaskSpec> = {}) {
  const configJson = JSON.stringify({ polars });
  const timeoutMs = 60_000n;
  const task = { type: 'expression_transform', configJson, inputs, timeoutMs };
  return TaskSpec.create({ ...task, ...fields });
}

function staged(taskId: string, task: TaskSpec): StagedTask {
  return StagedTask.create({ taskId, task, epoch: 1n, attemptNumber: 1 });
}

const first = () => spec('rows.filter(pl.col("id") > 1)', [rows]);
const second = (polars = 'task.with_columns(n=pl.col("id") * 2)', fields = {}) =>
  staged('second', spec(polars, [NOT_STORED('task')], fields));
const third = staged('third', spec('second.select(pl.col("n").sum())', [NOT_STORED('second')]));

const filesOf = (key: AttemptKey) => readdir(join(fixture.datasetDir, key.runId));

/** Once what people are shown is made, which has a file of its own for a moment. */
async function expectFiles(key: AttemptKey, names: readonly string[]): Promise<void> {
  await eventually(async () => expect(await filesOf(key)).toEqual(names), WITHIN);
}

async function logOf(key: AttemptKey, taskId: string): Promise<string> {
  const lines: LogLine[] = [];
  for await (const batch of fixture.bus.readLogs({ runId: key.runId, follow: false }))
    lines.push(...batch.lines);
  return lines
    .filter((line) => line.taskId === taskId)
    .map(({ message }) => message)
    .join('\n');
}

test('stores the rows of the last one only, and counts those of all', async () => {
  const stage = { makers: [], followers: [second(), third] };
  const key = fixture.scheduler.offerStage(fixture.bus, first(), stage);
  const { outcome, followers } = await finishOf(key);
  expect(outcome).toMatchObject({ value: { rows: 2n, datasetJson: '', rowsUncounted: false } });
  expect(followers.map(({ taskId }) => taskId)).toEqual(['second', 'third']);
  expect(followers[0]?.outcome).toMatchObject({ value: { rows: 2n, datasetJson: '' } });
  const last = followers[1]?.outcome;
  const datasetJson = last?.$case === 'succeeded' ? last.value.datasetJson : '{}';
  expect(JSON.parse(datasetJson)).toMatchObject({ rows: 1, hash: expect.any(String) });
  await expectFiles(key, ['task-1.third.ipc']);
  await eventually(async () => (await logOf(key, 'third')).includes('succeeded'), WITHIN);
  expect(await logOf(key, 'third')).toMatch(
    /^carried out by the attempt of task task\nsucceeded: 1 rows/,
  );
});

test('finds the task that fails, and stores what comes before it', async () => {
  const failing = second('task.with_columns(n=pl.col("t").cast(pl.Int64))');
  const stage = { makers: [], followers: [failing, third] };
  const key = fixture.scheduler.offerStage(fixture.bus, first(), stage);
  const { outcome, followers } = await finishOf(key);
  expect(outcome).toMatchObject({ $case: 'succeeded', value: { rows: 2n } });
  expect(followers).toMatchObject([
    { taskId: 'second', outcome: { $case: 'failed', value: { lost: false } } },
  ]);
  const end = followers[0]?.outcome;
  expect(end?.$case === 'failed' && end.value.failure).toMatchObject({
    code: 'TRANSFORM_FAILED',
    message: expect.stringMatching(/^line 1, column 6: .*conversion from `str` to `i64` failed/),
    details: { line: '1', column: '6' },
  });
  await expectFiles(key, ['task-1.ipc']);
});

test('fails the first task itself, and says nothing of the others', async () => {
  const broken = spec('rows.with_columns(n=pl.col("t").cast(pl.Int64))', [rows]);
  const stage = { makers: [], followers: [second('task.with_columns(m=pl.col("n"))')] };
  const key = fixture.scheduler.offerStage(fixture.bus, broken, stage);
  const { outcome, followers } = await finishOf(key);
  expect(outcome).toMatchObject({
    $case: 'failed',
    value: { failure: { code: 'TRANSFORM_FAILED' } },
  });
  expect(followers).toEqual([]);
});

test('fails a follower for its contract', async () => {
  const contractJson = '[{"name":"other","type":{"kind":"int64"}}]';
  const stage = { makers: [], followers: [second(undefined, { contractJson })] };
  const key = fixture.scheduler.offerStage(fixture.bus, first(), stage);
  const { outcome, followers } = await finishOf(key);
  expect(outcome?.$case).toBe('succeeded');
  const end = followers[0]?.outcome;
  expect(end?.$case === 'failed' && end.value.failure?.code).toBe('CONTRACT_BROKEN');
});

test('computes again what was never stored', async () => {
  const makers = [staged('before', first())];
  const own = spec('before.with_columns(n=pl.col("id") + 1)', [NOT_STORED('before')]);
  const key = fixture.scheduler.offerStage(fixture.bus, own, { makers, followers: [] });
  const { outcome, followers } = await finishOf(key);
  expect(outcome).toMatchObject({ $case: 'succeeded', value: { rows: 2n } });
  expect(followers).toEqual([]);
  await expectFiles(key, ['task-1.ipc']);
});

test('tells of rows that are gone as those of the task before', async () => {
  const gone = { taskId: 'rows', datasetJson: rows.datasetJson.replace('.ipc', '-gone.ipc') };
  const makers = [staged('before', spec('rows.filter(pl.col("id") > 1)', [gone]))];
  const own = spec('before.with_columns(n=pl.col("id") + 1)', [NOT_STORED('before')]);
  const key = fixture.scheduler.offerStage(fixture.bus, own, { makers, followers: [] });
  expect((await finishOf(key)).outcome).toMatchObject({
    $case: 'failed',
    value: { failure: { code: 'DATASET_MISSING', details: { task: 'before' } } },
  });
});

test('leaves out a follower whose other rows are gone', async () => {
  const gone = { taskId: 'other', datasetJson: rows.datasetJson.replace('.ipc', '-gone.ipc') };
  const inputs = [NOT_STORED('task'), gone];
  const follower = staged('second', spec('task.join(other, on="id")', inputs));
  const stage = { makers: [], followers: [follower] };
  const key = fixture.scheduler.offerStage(fixture.bus, first(), stage);
  const { outcome, followers } = await finishOf(key);
  expect(outcome).toMatchObject({ $case: 'succeeded', value: { rows: 2n } });
  expect(followers).toEqual([]);
  await expectFiles(key, ['task-1.ipc']);
});

test('removes what was made of an attempt that is not wanted any more', async () => {
  fixture.scheduler.accepts = false;
  const stage = { makers: [], followers: [second()] };
  const key = fixture.scheduler.offerStage(fixture.bus, first(), stage);
  await finishOf(key);
  await eventually(async () => (await filesOf(key)).length === 0, WITHIN);
  fixture.scheduler.accepts = true;
});

test('is lost as a whole with a worker that dies: nobody knows which task it was', async () => {
  const panicking = second(
    'task.with_columns(d=(pl.col("id") + 2_000_000_000).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y"))',
  );
  const stage = { makers: [], followers: [panicking] };
  const key = fixture.scheduler.offerStage(fixture.bus, first(), stage);
  const { outcome, followers } = await finishOf(key);
  expect(outcome).toMatchObject({ $case: 'failed', value: { lost: true } });
  expect(followers).toEqual([]);
});
