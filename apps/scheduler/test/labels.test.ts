// Hunts work that an executor gets which cannot do it, and work that waits although somebody could.
import { migrate, openControlDatabase, type ControlDatabase } from '@floe/database';
import { RunCommitter, type Hint, type RunStore } from '@floe/scheduling';
import { openModelStore } from '@floe/simulation';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import type { Workflow } from '@floe/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pgRunStore } from '../src/store/pg-run-store.ts';
import { exchange, newRun, planFor, task, told } from './model-life.ts';

// No executor waits here.
const NO_TIMERS = { after: () => () => undefined };
const RUN = '00000000-0000-7000-8000-00000000000c';
const NAMES = ['plain', 'gpu', 'both', 'tpu'] as const;

const PLAN = planFor({
  name: 'labelled',
  description: '',
  params: {},
  timeoutMs: 600_000,
  tasks: [
    task('plain', {}),
    // Before all others in the queue, so that everybody meets it first.
    task('gpu', { labels: ['gpu'], priority: 9 }),
    task('both', { labels: ['big-memory', 'gpu'], priority: 8 }),
    task('tpu', { labels: ['tpu'], priority: 9 }),
  ],
} satisfies Workflow);

let postgres: TestPostgres;
let database: ControlDatabase;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase('floe');
  await migrate(url);
  const role = 'floe_scheduler';
  database = openControlDatabase({ url, role, applicationName: 'test', connectionsMax: 4 });
});

afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

function nameOf(given: readonly string[]): string[] {
  return given.map((each) => NAMES[Number(each.split('/')[1])]!);
}

async function tellLabels(store: RunStore): Promise<unknown[]> {
  const lines: unknown[] = [];
  const hints: Hint[] = [];
  let spans = 0;
  const committer = new RunCommitter({
    store,
    planOf: () => Promise.resolve(PLAN),
    chance: {
      random: () => 0,
      newSpanId: () => `00f067aa0ba9${String((spans += 1)).padStart(4, '0')}`,
    },
    timers: NO_TIMERS,
    log: { info() {}, warn() {}, error() {} },
    onCommitted: (_, told) => void hints.push(...told),
  });
  const take = async (token: string, labels: readonly string[], light = 4) => {
    const { given, moreReady } = told(
      await committer.exchange(exchange({ token, labels, free: { slot: 0, light } })),
    );
    lines.push([labels.join(), nameOf(given), moreReady]);
  };
  await committer.create(newRun(PLAN, RUN, 'request'));
  lines.push(hints.map(({ label = 'none', count }) => `${label} ${count}`).toSorted());
  const waiting = await store.findWaiting(0, 8);
  lines.push(waiting.map(({ label = 'none', limit }) => `${label} ${limit}`).toSorted());
  await take('one', ['ssd']);
  await take('two', ['gpu']);
  await take('three', ['big-memory']);
  await take('four', []);
  await take('five', ['big-memory', 'gpu', 'ssd']);
  lines.push((await store.findWaiting(0, 8)).map(({ label }) => label));
  return lines;
}

const TOLD = [
  ['big-memory 1', 'gpu 2', 'none 1', 'tpu 1'],
  ['big-memory 1', 'gpu 2', 'none 1', 'tpu 1'],
  ['ssd', ['plain'], false],
  ['gpu', ['gpu'], false],
  ['big-memory', [], false],
  ['', [], false],
  ['big-memory,gpu,ssd', ['both'], false],
  ['tpu'],
];

test('each executor gets what it offers the labels for, and is told of nothing else', async () => {
  expect(await tellLabels(pgRunStore(database))).toEqual(TOLD);
});

test('the model of the simulation does as PostgreSQL does', async () => {
  const model = openModelStore();
  expect(await model.finish(tellLabels(model.store))).toEqual(TOLD);
});

test('executors that ask in one transaction share what asks for nothing', async () => {
  const runId = `${RUN.slice(0, -1)}d`;
  const committer = new RunCommitter({
    store: pgRunStore(database),
    planOf: () => Promise.resolve(PLAN),
    chance: { random: () => 0, newSpanId: () => '00f067aa0ba90001' },
    timers: NO_TIMERS,
    log: { info() {}, warn() {}, error() {} },
    onCommitted: () => {},
  });
  await committer.create(newRun(PLAN, runId, 'another request'));
  const free = { slot: 0, light: 4 };
  const [plain, gpu] = await Promise.all([
    committer.exchange(exchange({ token: 'six', free })),
    committer.exchange(exchange({ token: 'seven', labels: ['gpu'], free })),
  ]);
  expect(nameOf(told(plain).given)).toEqual(['plain']);
  expect(nameOf(told(gpu).given)).toEqual(['gpu']);
});

test('who offers no labels never looks at what asks for some', async () => {
  await database.query(
    {
      name: 'test.fill',
      text: `insert into task_run (run_id, task_index, task_id, type, state, span_id, lane, rank_at, labels)
        select $1, n, 'n' || n, 'noop', 'pending', '', 'light', n, '{gpu}' from generate_series(100, 5000) n`,
    },
    [RUN],
  );
  const plan = await database.query<{ 'QUERY PLAN': string }>(
    {
      name: 'test.explain',
      text: `explain (analyze, costs off, timing off) select run_id from task_run
        where pool = 'default' and lane = 'light' and rank_at is not null and labels is null
        order by rank_at limit 10`,
    },
    [],
  );
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toMatch(/task_run_\w+_queue_idx/);
  expect(text).not.toMatch(/Rows Removed by Filter|-> +Sort|labelled_idx/);
});
