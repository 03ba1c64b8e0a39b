import {
  migrate,
  openControlDatabase,
  openTarget,
  type ControlDatabase,
  type TargetSession,
} from '@floe/database';
import { createLogger } from '@floe/telemetry';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { keepHistory, prepareHistory } from '../../src/history/keep-history.ts';

const log = createLogger('test', { level: 'silent' });
const DAY_MS = 86_400_000;

let postgres: TestPostgres;
let owner: TargetSession;
let database: ControlDatabase;
let count = 0;

beforeAll(async () => {
  postgres = await startTestPostgres();
});

beforeEach(async () => {
  count += 1;
  const name = `history_${count}`;
  const url = await postgres.createDatabase(name);
  await migrate(url);
  const { host, port, user, password } = postgres;
  await close();
  owner = await openTarget(
    { host, port, user, password, database: name },
    { applicationName: 'test', statementTimeoutMs: 10_000 },
  );
  database = openControlDatabase({
    url,
    role: 'floe_scheduler',
    applicationName: 'test',
    connectionsMax: 2,
  });
});

afterAll(async () => {
  await close();
  await postgres.stop();
});

async function close(): Promise<void> {
  await owner?.[Symbol.asyncDispose]();
  await database?.close();
}

const keep = (keepDays?: number) => keepHistory({ database, log }, { width: 'day', keepDays });

/** As if everything had been made this many days sooner: the bounds that the scheduler reads, not those of the tables. */
const age = (days: number) =>
  owner.query(
    `update floe.history_partition
     set from_at = from_at - make_interval(days => ${days}), to_at = to_at - make_interval(days => ${days})`,
  );

const partitions = async () => {
  const rows = await owner.query<{ suffix: string }>(
    'select suffix from floe.history_partition order by to_at',
  );
  return rows.map(({ suffix }) => suffix);
};

/** A run with all that hangs on it. */
async function addRun(id: string, state: string, endedDaysAgo?: number): Promise<void> {
  const ended = endedDaysAgo === undefined ? 'null' : `now() - interval '${endedDaysAgo} days'`;
  await owner.query(`insert into floe.run_request (request_id, run_id) values ('${id}', '${id}')`);
  await owner.query(
    `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, ended_at,
       deadline_at, trace_id, span_id, trace_flags, request_id)
     values ('${id}', 'w', 1, '${state}', 'manual', '{}', now(), ${ended}, now(), '', '', 0, '${id}')`,
  );
  await owner.query(
    `insert into floe.task_run (run_id, task_index, task_id, type, state, span_id) values ('${id}', 0, 'a', 'noop', 'succeeded', '')`,
  );
  await owner.query(
    `insert into floe.attempt (run_id, task_index, epoch, number, state, ready_at, span_id)
     values ('${id}', 0, 1, 1, 'succeeded', now(), '')`,
  );
  await owner.query(
    `insert into floe.artifact (artifact_id, run_id, task_id, epoch, name, kind, title, media_type, content)
     values (gen_random_uuid(), '${id}', '', 1, 'a', 'markdown', 'a', 'text/markdown', '')`,
  );
}

const rowsOf = async (id: string) => {
  const tables = ['run', 'task_run', 'attempt', 'artifact', 'run_request'];
  const counts = tables.map(
    (table) => `(select count(*)::int from floe.${table} where run_id = '${id}')`,
  );
  const [row] = await owner.query<{ counts: number[] }>(`select array[${counts.join()}] as counts`);
  return row!.counts;
};

const EARLY = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER = '01890a5d-ac96-774b-bcce-b302099a8058';

test('partitions reach days ahead, whoever makes them and however often', async () => {
  await Promise.all(
    [1, 2, 3].map(() => prepareHistory({ database }, { width: 'day', keepDays: 1 })),
  );
  const [made] = await owner.query<{ ahead: number }>(
    `select extract(epoch from max(to_at) - now())::float8 * 1000 as ahead from floe.history_partition`,
  );
  expect(made!.ahead).toBeGreaterThanOrEqual(3 * DAY_MS);
  expect(made!.ahead).toBeLessThan(15 * DAY_MS);
});

const counted = () =>
  owner.query('select state, runs::int, day::text from floe.run_count order by state, day');

test('runs are counted once for lists, by whoever is first, and one that went on when it has ended', async () => {
  await addRun(EARLY, 'succeeded', 2);
  await addRun(OTHER, 'running');
  await Promise.all([keep(), keep(), keep()]);
  const day = '2023-06-30';
  expect(await counted()).toEqual([{ state: 'succeeded', runs: 1, day }]);
  await owner.query(
    `update floe.run set state = 'failed', ended_at = now() where run_id = '${OTHER}'`,
  );
  await keep();
  await keep();
  const both = [
    { state: 'failed', runs: 1, day },
    { state: 'succeeded', runs: 1, day },
  ];
  expect(await counted()).toEqual(both);
  await owner.query(
    `update floe.history_partition set from_at = '2023-07-01Z' where suffix = 'early'`,
  );
  await keep();
  expect(await counted()).toEqual([]);
});

test('what ended long ago goes with all that hangs on it, and its request id', async () => {
  await addRun(EARLY, 'succeeded', 40);
  await age(40);
  await database.query({ name: 'drop', text: 'select drop_history_partition($1)' }, ['30 days']);
  expect(await partitions()).not.toContain('early');
  expect(await rowsOf(EARLY)).toEqual([0, 0, 0, 0, 1]);
  await database.query({ name: 'forget', text: 'select forget_run_requests(10)' }, []);
  expect(await rowsOf(EARLY)).toEqual([0, 0, 0, 0, 0]);
});

test('a run that goes on keeps its partition, and so does one that ended just now', async () => {
  await addRun(EARLY, 'succeeded', 40);
  await addRun(OTHER, 'running');
  await age(40);
  const drop = () =>
    database.query({ name: 'drop', text: 'select drop_history_partition($1) as dropped' }, [
      '30 days',
    ]);
  const before = await partitions();
  expect(await drop()).not.toEqual([{ dropped: 'early' }]);
  expect(await rowsOf(EARLY)).toEqual([1, 1, 1, 1, 1]);
  await owner.query(
    `update floe.run set state = 'failed', ended_at = now() where run_id = '${OTHER}'`,
  );
  await drop();
  expect(await partitions()).toContain('early');
  await owner.query(`update floe.run set ended_at = now() - interval '2 days'`);
  expect(await drop()).toEqual([{ dropped: 'early' }]);
  expect(before).toContain('early');
});

test('for ever is for ever', async () => {
  await addRun(EARLY, 'succeeded', 40);
  await keep();
  expect(await rowsOf(EARLY)).toEqual([1, 1, 1, 1, 1]);
});

test('who reads for long is not waited for: the partition goes the next time', async () => {
  await addRun(EARLY, 'succeeded', 40);
  await age(40);
  await owner.query('begin');
  await owner.query('select from floe.task_run');
  const startedAt = performance.now();
  await expect(
    database.query({ name: 'drop', text: 'select drop_history_partition($1)' }, ['30 days']),
  ).rejects.toMatchObject({ code: '55P03' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await owner.query('commit');
  await database.query({ name: 'drop', text: 'select drop_history_partition($1)' }, ['30 days']);
  expect(await partitions()).not.toContain('early');
});
