/**
 * Hunts a result that depends on which tasks were one query: a state, a failure, a number of rows, a row. And stages that are
 * killed, cancelled or tried again in the middle.
 */
import type { TaskRun } from '@floe/client';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { childrenOf, pidOf } from './support/processes.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { randomTransforms } from './support/random-transforms.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const WORKFLOWS = 20;
const FIRST_SEED = 1;
const WITHIN = { withinMs: 60_000 };

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 2 });
  await prepareConnections(floe);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

const EXTRACTS = `tasks:
  rows:
    type: postgres_extract
    connection: source
    query: >-
      select 'k' || i % 13 as k, i * 37 % 1009 as v, case when i % 5 > 0 then (i % 7)::text end as s
      from generate_series(1, 500) as i
  names: { type: postgres_extract, connection: source, query: "select 'k' || i as k, i as w from generate_series(1, 9) as i" }
`;

function documentOf(name: string, tasks: string, materialize: boolean): string {
  const defaults = `defaults: { retries: { max: 0 }, materialize: ${materialize} }`;
  return `name: ${name}\n${defaults}\n${EXTRACTS}${tasks}\n`;
}

async function run(document: string, name: string): Promise<string> {
  await floe.client.applyWorkflow(document);
  const { run: started } = await floe.client.startRun({ workflowName: name });
  return started.runId;
}

const shown = ({ state, rows, failure }: TaskRun) => ({ state, rows, failure: failure?.message });

async function tasksOf(runId: string): Promise<Readonly<Record<string, TaskRun>>> {
  await awaitRunEnd(floe.client, runId, WITHIN);
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return Object.fromEntries(taskRuns.map((task) => [task.taskId, task]));
}

/** The first rows of each task whose rows were stored. */
async function previewsOf(runId: string): Promise<Readonly<Record<string, unknown>>> {
  const { artifacts } = await floe.client.listArtifacts(runId);
  const previews = artifacts.filter(({ kind }) => kind === 'preview');
  const read = previews.map(async ({ artifactId, taskId }) => {
    const { content } = await floe.client.getArtifact(artifactId);
    const { columns, preview } = JSON.parse(content) as { columns: unknown; preview: unknown };
    return [taskId, { columns, preview }] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

type Pair = {
  readonly apart: string;
  readonly together: string;
  /** Tasks whose rows both have stored. */
  readonly stored: readonly string[];
  readonly unstored: number;
};

async function runBothWays(seed: number, tasks: string): Promise<Pair> {
  const [apartName, togetherName] = [`apart-${seed}`, `together-${seed}`];
  const ids = [
    await run(documentOf(apartName, tasks, true), apartName),
    await run(documentOf(togetherName, tasks, false), togetherName),
  ] as const;
  const [apart, together] = [await tasksOf(ids[0]), await tasksOf(ids[1])];
  for (const [taskId, task] of Object.entries(apart))
    expect(shown(together[taskId]!), `${taskId} of\n${tasks}`).toEqual(shown(task));
  const all = Object.values(together);
  const stored = all.filter(({ dataset }) => dataset !== undefined).map(({ taskId }) => taskId);
  const succeeded = all.filter(({ state }) => state === 'TASK_STATE_SUCCEEDED').length;
  return { apart: ids[0], together: ids[1], stored, unstored: succeeded - stored.length };
}

function expectSameRows({ apart, together, stored }: Pair): Promise<void> {
  return eventually(async () => {
    const [one, other] = [await previewsOf(apart), await previewsOf(together)];
    for (const taskId of stored) {
      expect(other[taskId], taskId).toBeDefined();
      expect(other[taskId], taskId).toEqual(one[taskId]);
    }
  }, WITHIN);
}

test('random workflows come out the same with each result stored and with what can be one query', async () => {
  const pairs: Pair[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + WORKFLOWS; seed += 1)
    pairs.push(await runBothWays(seed, randomTransforms(seed)));
  // Their previews come later than they.
  for (const pair of pairs) await expectSameRows(pair);
  // Else nothing was one query, and this would have compared a thing with itself.
  const unstored = pairs.reduce((sum, pair) => sum + pair.unstored, 0);
  expect(unstored).toBeGreaterThan(WORKFLOWS);
});

const CHAIN = (
  third: string,
) => `  a: { type: expression_transform, inputs: [rows], polars: 'rows.filter(pl.col("v") > 10)' }
  b: { type: expression_transform, inputs: [a], polars: 'a.with_columns(w=pl.col("v") * 2)' }
  c: { type: expression_transform, inputs: [b], polars: '${third}' }`;

test('tries a task again alone, from rows that nobody has stored', async () => {
  const runId = await run(
    documentOf('again', CHAIN('b.select(pl.col("w").sum())'), false),
    'again',
  );
  const tasks = await tasksOf(runId);
  expect(tasks['b']).toMatchObject({ state: 'TASK_STATE_SUCCEEDED', attemptCount: 1 });
  expect(tasks['b']?.dataset).toBeUndefined();
  const again = await floe.client.retryRun(runId, { fromTaskId: 'c' });
  const retried = await tasksOf(again.runId);
  expect(retried['c']).toMatchObject({ state: 'TASK_STATE_SUCCEEDED', rows: tasks['c']!.rows });
  expect(retried['b']).toMatchObject({ state: 'TASK_STATE_SUCCEEDED', attemptCount: 0 });
});

// A cross join of all with all with a hundred more: minutes, in little memory.
const ENDLESS =
  'b.join(b, how="cross", suffix="_b").join(b, how="cross", suffix="_c").filter((pl.col("v") + pl.col("v_b") + pl.col("v_c")) < 0)';

/** The workers, once one of them has begun with the query. */
async function awaitWork(runId: string): Promise<readonly number[]> {
  await awaitTaskState(floe.client, runId, { taskId: 'a', state: 'TASK_STATE_RUNNING', ...WITHIN });
  await eventually(async () => {
    const lines = await floe.client.listLogs(runId);
    return lines.some(({ line }) => line.taskId === 'a');
  }, WITHIN);
  return childrenOf(await pidOf(floe, 'executor-1'));
}

test('a stage whose worker is killed goes on with one task after the other', async () => {
  const runId = await run(documentOf('killed', CHAIN(ENDLESS), false), 'killed');
  for (const pid of await awaitWork(runId)) process.kill(pid, 'SIGKILL');
  await awaitTaskState(floe.client, runId, {
    taskId: 'a',
    state: 'TASK_STATE_SUCCEEDED',
    ...WITHIN,
  });
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  const a = taskRuns.find(({ taskId }) => taskId === 'a');
  expect(a?.attempts.map(({ state }) => state)).toEqual([
    'ATTEMPT_STATE_LOST',
    'ATTEMPT_STATE_SUCCEEDED',
  ]);
  expect(a?.dataset).toBeDefined();
  await floe.client.cancelRun(runId, { reason: 'a test' });
});

test('a stage that is cancelled ends all of its tasks, within two seconds', async () => {
  const runId = await run(documentOf('cancelled', CHAIN(ENDLESS), false), 'cancelled');
  await awaitWork(runId);
  const cancelledAt = performance.now();
  await floe.client.cancelRun(runId, { reason: 'a test' });
  const tasks = await tasksOf(runId);
  expect(performance.now() - cancelledAt).toBeLessThan(2_000);
  const states = ['a', 'b', 'c'].map((taskId) => tasks[taskId]?.state);
  expect(states).toEqual(Array(3).fill('TASK_STATE_CANCELLED'));
});
