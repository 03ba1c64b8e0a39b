/**
 * Hunts what one lost file of a dataset of many costs: all of it again, a run that fails, or rows of two snapshots in one
 * table.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskRun } from '@floe/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const WITHIN = { withinMs: 60_000 };
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
    table: public.doubled
    mode: truncate
`;

let floe: TestFloe;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-parts-'));
  floe = await startTestFloe({ executors: 1, slots: 2, env: { FLOE_FILES_DIR: folder } });
  await prepareConnections(floe);
  await floe.sql('create table entries as select n, $1 as state from generate_series(1, $2) as n', [
    'old',
    ROWS,
  ]);
  await floe.sql('create table doubled (n bigint, state text, twice bigint)');
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
     from public.doubled group by state`,
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
