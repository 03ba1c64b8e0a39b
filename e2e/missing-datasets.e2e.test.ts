/**
 * Hunts a run that cannot go on because rows are gone that it could make again, and one that loads twice for it; and what
 * one lost file of a dataset of many costs: all of it again, or rows of two snapshots in one table.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskRun } from '@floe/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const WITHIN = { withinMs: 60_000 };

// The person between the tasks gives the test the time in which rows are lost.
const GATED = `name: gated
tasks:
  numbers:
    type: postgres_extract
    connection: source
    query: select n from generate_series(1, 1000) as n
  doubled:
    type: expression_transform
    inputs: [numbers]
    polars: numbers.with_columns(twice=pl.col("n") * 2)
  gate: { type: approval, message: Go on?, needs: [doubled] }
  store:
    type: postgres_load
    inputs: [doubled]
    needs: [gate]
    connection: warehouse
    table: public.doubled
    mode: append
`;

const PARTITIONS = 3;
const ROWS = 3_000;

const ENTRIES = `type: postgres_extract
    connection: source
    query: select n, state from public.entries
    split_by: n
    partitions: ${PARTITIONS}`;

const FILES = `type: file_extract
    path: entries/*.csv
    columns: [{ n: Int64 }, { state: String }]
    partitions: ${PARTITIONS}`;

// The person between the tasks gives the test the time in which parts are lost.
const workflowOf = (name: string, extract: string) => `name: ${name}
tasks:
  entries:
    ${extract}
  doubled:
    type: expression_transform
    inputs: [entries]
    polars: entries.with_columns(twice=pl.col("n") * 2)
  gate: { type: approval, message: Go on?, needs: [doubled] }
  store:
    type: postgres_load
    inputs: [doubled]
    needs: [gate]
    connection: warehouse
    table: public.doubled_parts
    mode: truncate
`;

let floe: TestFloe;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-parts-'));
  floe = await startTestFloe({ executors: 1, slots: 2, env: { FLOE_FILES_DIR: folder } });
  await prepareConnections(floe);
  await floe.sql('create table doubled (n integer, twice bigint)');
  await floe.client.applyWorkflow(GATED);
  await floe.sql('create table entries as select n, $1 as state from generate_series(1, $2) as n', [
    'old',
    ROWS,
  ]);
  await floe.sql('create table doubled_parts (n bigint, state text, twice bigint)');
  await writeFiles();
  await floe.client.applyWorkflow(workflowOf('from_table', ENTRIES));
  await floe.client.applyWorkflow(workflowOf('from_files', FILES));
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function writeFiles(): Promise<void> {
  await mkdir(join(folder, 'entries'), { recursive: true });
  for (let file = 0; file < PARTITIONS; file += 1) {
    const lines = Array.from(
      { length: ROWS / PARTITIONS },
      (_, at) => `${(file * ROWS) / PARTITIONS + at + 1},old`,
    );
    await writeFile(join(folder, 'entries', `${file}.csv`), `n,state\n${lines.join('\n')}\n`);
  }
}

async function tasksOf(runId: string): Promise<Record<string, TaskRun>> {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return Object.fromEntries(taskRuns.map((task) => [task.taskId, task]));
}

async function countRows(): Promise<object[]> {
  return floe.sql('select count(*)::int as rows, sum(twice)::int as sum from doubled');
}

/** As the collection of datasets by age would, or a disk that is lost. */
async function loseDatasets(tasks: readonly (TaskRun | undefined)[]): Promise<void> {
  for (const task of tasks) {
    const path = fileURLToPath(task!.dataset!.uri);
    await rm(dirname(path), { recursive: true });
  }
}

test('rows that are gone are made again, as far up as they are gone, and loaded once', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'gated' });
  const { runId } = run;
  const asks = { taskId: 'gate', state: 'TASK_STATE_RUNNING', ...WITHIN } as const;
  await awaitTaskState(floe.client, runId, asks);
  const { numbers } = await tasksOf(runId);
  await loseDatasets([numbers]);
  await floe.client.approveTask(runId, 'gate', { approved: true });
  expect((await awaitRunEnd(floe.client, runId, WITHIN)).state).toBe('RUN_STATE_SUCCEEDED');
  expect(await countRows()).toEqual([{ rows: 1_000, sum: 1_001_000 }]);
  expect(await tasksOf(runId)).toMatchObject({
    numbers: { recomputeCount: 1, rows: '1000' },
    doubled: { recomputeCount: 1, rows: '1000' },
    gate: { recomputeCount: 0 },
    store: { recomputeCount: 0, attemptCount: 1, rows: '1000' },
  });
  const shown = await floe.floe(['runs', 'get', runId]);
  expect(shown.stdout).toMatch(/numbers.*done again: its dataset had gone missing/);
});

test('a run that keeps results whose rows are gone makes them again', async () => {
  const [first] = (await floe.client.listRuns({ workflowName: 'gated' })).runs;
  const { numbers } = await tasksOf(first!.runId);
  await loseDatasets([numbers]);
  const again = await floe.client.retryRun(first!.runId, { fromTaskId: 'store' });
  expect((await awaitRunEnd(floe.client, again.runId, WITHIN)).state).toBe('RUN_STATE_SUCCEEDED');
  expect(await countRows()).toEqual([{ rows: 2_000, sum: 2_002_000 }]);
  const { doubled, gate, store } = await tasksOf(again.runId);
  expect([doubled, gate, store].map((task) => task?.recomputeCount)).toEqual([1, 0, 0]);
});

/** The run as far as the person is asked. */
async function startedRun(workflowName: string): Promise<string> {
  const { run } = await floe.client.startRun({ workflowName });
  const asks = { taskId: 'gate', state: 'TASK_STATE_RUNNING', ...WITHIN } as const;
  await awaitTaskState(floe.client, run.runId, asks);
  return run.runId;
}

/** As a disk that is lost, or a collection by age of files that were written at different times. */
async function loseParts(runId: string, taskId: string, count: number): Promise<void> {
  const datasets = join(floe.stateDir, 'datasets', runId);
  const files = (await readdir(datasets)).filter((name) => name.startsWith(`${taskId}-`));
  expect(files).toHaveLength(PARTITIONS);
  for (const file of files.toSorted().slice(0, count)) await rm(join(datasets, file));
}

async function approve(runId: string): Promise<void> {
  await floe.client.approveTask(runId, 'gate', { approved: true });
  const { failure } = await awaitRunEnd(floe.client, runId, WITHIN);
  expect(failure).toBeUndefined();
}

async function stored(): Promise<object[]> {
  return floe.sql(
    `select state, count(*)::int as rows, count(distinct n)::int as ids, sum(twice)::int as twice
     from public.doubled_parts group by state`,
  );
}

const WHOLE = { rows: ROWS, ids: ROWS, twice: ROWS * (ROWS + 1) };

test('of a task that follows the parts only the part that is gone is made again', async () => {
  const runId = await startedRun('from_table');
  await loseParts(runId, 'doubled', 1);
  await approve(runId);
  expect(await stored()).toEqual([{ state: 'old', ...WHOLE }]);
  const { entries, doubled, store } = await tasksOf(runId);
  expect(doubled).toMatchObject({ recomputeCount: 1, rows: `${ROWS}` });
  expect(doubled?.attempts).toHaveLength(PARTITIONS + 1);
  expect(entries).toMatchObject({ recomputeCount: 0 });
  expect(store).toMatchObject({ attemptCount: 1, rows: `${ROWS}` });
});

test('when parts of a snapshot are gone too, all rows are of one new snapshot', async () => {
  const runId = await startedRun('from_table');
  await loseParts(runId, 'doubled', 1);
  await loseParts(runId, 'entries', PARTITIONS);
  await floe.sql(`update public.entries set state = 'new'`);
  await approve(runId);
  expect(await stored()).toEqual([{ state: 'new', ...WHOLE }]);
  const { entries, doubled } = await tasksOf(runId);
  expect(entries).toMatchObject({ recomputeCount: 1, rows: `${ROWS}` });
  expect(doubled).toMatchObject({ recomputeCount: 1, rows: `${ROWS}` });
});

test('of files that are as they were only the part that is gone is read again', async () => {
  const runId = await startedRun('from_files');
  await loseParts(runId, 'doubled', PARTITIONS);
  await loseParts(runId, 'entries', 1);
  await approve(runId);
  expect(await stored()).toEqual([{ state: 'old', ...WHOLE }]);
  const { entries } = await tasksOf(runId);
  // One more than the partitions and the lead, which looked at the files.
  expect(entries?.attempts).toHaveLength(PARTITIONS + 2);
  expect(entries).toMatchObject({ recomputeCount: 1, rows: `${ROWS}` });
});
