/**
 * Lists of a history in several partitions must cost what their page costs, however long the history is: PostgreSQL says
 * how many blocks each statement touched. A sort of all runs, or a scan that throws rows away, is hundreds of blocks here.
 */
import { migrate, openControlDatabase, openTarget, type ControlDatabase } from '@floe/database';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countOpenRuns, readOldestReady } from '../src/store/count-runs.ts';
import { countTaskStates } from '../src/store/count-task-states.ts';
import { readArtifacts } from '../src/store/read-artifacts.ts';
import {
  readOldestWaiting,
  readStuckRuns,
  readWaitingGroups,
} from '../src/store/read-attention.ts';
import { ALL_RUNS, readRun, readRuns } from '../src/store/read-runs.ts';
import { readAttempts, readTaskRuns } from '../src/store/read-task-runs.ts';

const RUNS = 40_000;
const PAGE = { beforeRunId: undefined, limit: 51 };
// A page of 50 rows out of a few indexes, each row on a block of its own. The whole of `run` is 2,000 blocks and more.
const BLOCKS_MAX = 260;

let postgres: TestPostgres;
let database: ControlDatabase;
let runIds: string[];

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase('long');
  await migrate(url);
  await fill();
  database = openControlDatabase({
    url,
    role: 'floe_reporting',
    applicationName: 'test',
    connectionsMax: 1,
  });
  const rows = await readRuns(database.db, ALL_RUNS, { ...PAGE, limit: 5 });
  runIds = rows.map((row) => row.run_id);
}, 60_000);

afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

/** From ten days ago to eight days ahead: three partitions. About one of a hundred runs failed, a few go on. */
async function fill(): Promise<void> {
  const { host, port, user, password } = postgres;
  await using session = await openTarget(
    { host, port, user, password, database: 'long' },
    { applicationName: 'test', statementTimeoutMs: 60_000 },
  );
  await session.query(`set session_replication_role = 'replica'`);
  await session.query(
    `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, ended_at, deadline_at,
       wake_at, trace_id, span_id, trace_flags)
     select (lpad(to_hex((ms)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
       'w' || n % 20, 1, state, 'manual', '{"p":{"kind":"string","value":"some text"}}', to_timestamp(ms / 1000),
       case when state <> 'running' then to_timestamp(ms / 1000) end, now(), case when state = 'running' then now() end,
       md5(n::text), '', 0
     from (select n, extract(epoch from now()) * 1000 + (n::float8 / ${RUNS} * 18 - 10) * 86400000 as ms,
       case when n % 101 = 7 then 'failed' when n % 8000 = 9 then 'running' else 'succeeded' end as state
       from generate_series(1, ${RUNS}) n) numbered`,
  );
  await session.query(
    `insert into floe.task_run (run_id, task_index, task_id, type, state, span_id, ready_at, rank_at)
     select run_id, t, 't' || t, 'noop', case when state = 'running' then 'ready' else 'succeeded' end, '', now(),
       case when state = 'running' then 1 end
     from floe.run, generate_series(0, 2) t`,
  );
  await session.query(
    `insert into floe.attempt (run_id, task_index, epoch, number, state, ready_at, span_id)
     select run_id, task_index, 1, 1, 'succeeded', now(), '' from floe.task_run`,
  );
  await session.query(
    `insert into floe.artifact (artifact_id, run_id, task_id, epoch, name, kind, title, media_type, content)
     select gen_random_uuid(), run_id, '', 1, 'a', 'markdown', 'a', 'text/markdown', '' from floe.run`,
  );
  await session.query('vacuum (analyze)');
}

type Db = ControlDatabase['db'];

/** The statements that a piece of work sends. */
async function statementsOf(work: (db: Db) => Promise<unknown>): Promise<CompiledQuery[]> {
  const nodes: RootOperationNode[] = [];
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      nodes.push(node);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  await work(database.db.withPlugin(plugin));
  const executor = database.db.getExecutor();
  return nodes.map((node) => executor.compileQuery(node, { queryId: 'explained' }));
}

type Plan = { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number };

async function blocksOf({ sql, parameters }: CompiledQuery): Promise<number> {
  const explain = CompiledQuery.raw(`explain (analyze, buffers, format json) ${sql}`, [
    ...parameters,
  ]);
  const { rows } = await database.db.executeQuery<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explain);
  const { Plan: plan } = rows[0]!['QUERY PLAN'][0];
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}

const HOUR_MS = 3_600_000;

test.each<[string, (db: Db) => Promise<unknown>]>([
  ['all runs', (db) => readRuns(db, ALL_RUNS, PAGE)],
  ['a deep page', (db) => readRuns(db, ALL_RUNS, { ...PAGE, beforeRunId: runIds[4]! })],
  ['runs of a workflow', (db) => readRuns(db, { ...ALL_RUNS, workflowName: 'w3' }, PAGE)],
  ['runs in a state', (db) => readRuns(db, { ...ALL_RUNS, states: ['running'] }, PAGE)],
  [
    'runs in some states',
    (db) => readRuns(db, { ...ALL_RUNS, states: ['failed', 'running', 'timed_out'] }, PAGE),
  ],
  [
    'runs of a workflow in a state',
    (db) => readRuns(db, { ...ALL_RUNS, workflowName: 'w7', states: ['failed'] }, PAGE),
  ],
  [
    'runs of an hour',
    (db) =>
      readRuns(
        db,
        { ...ALL_RUNS, fromMs: Date.now() - 48 * HOUR_MS, toMs: Date.now() - 47 * HOUR_MS },
        PAGE,
      ),
  ],
  ['a run', (db) => readRun(db, runIds[0]!)],
  ['task runs', (db) => readTaskRuns(db, runIds[0]!, { afterIndex: -1, limit: 201 })],
  ['attempts', (db) => readAttempts(db, runIds[0]!, { firstIndex: 0, lastIndex: 200 })],
  [
    'artifacts',
    (db) =>
      readArtifacts(db, { runId: runIds[0]!, taskId: undefined }, { after: undefined, limit: 51 }),
  ],
  ['states of the tasks of a page', (db) => countTaskStates(db, runIds)],
  ['how many runs go on', (db) => countOpenRuns(db)],
  ['the oldest that waits', (db) => readOldestReady(db)],
  ['what waits for executors', (db) => readWaitingGroups(db)],
  ['who waits longest', (db) => readOldestWaiting(db, { pool: 'default', labels: null })],
  [
    'who waits longest for a label',
    (db) => readOldestWaiting(db, { pool: 'default', labels: ['gpu'] }),
  ],
  ['runs that are stuck', (db) => readStuckRuns(db, { before: Date.now(), limit: 10 })],
])('%s: as many blocks as the page has', async (_, work) => {
  const statements = await statementsOf(work);
  expect(statements).not.toEqual([]);
  for (const statement of statements)
    expect(await blocksOf(statement), statement.sql).toBeLessThan(BLOCKS_MAX);
});

test('a page of some states is the same as of all runs that are in them, in their order', async () => {
  const states = ['failed', 'running'];
  const all = await readRuns(database.db, ALL_RUNS, { ...PAGE, limit: RUNS });
  const wanted = all.filter(({ state }) => states.includes(state)).map((row) => row.run_id);
  const found: string[] = [];
  for (let before: string | undefined = undefined; ; before = found.at(-1)) {
    const page = { beforeRunId: before, limit: 100 };
    const rows = await readRuns(database.db, { ...ALL_RUNS, states }, page);
    found.push(...rows.map((row) => row.run_id));
    if (rows.length < 100) break;
  }
  expect(found).toEqual(wanted);
});
