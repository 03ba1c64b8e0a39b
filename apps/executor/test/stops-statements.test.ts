import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTarget } from '@floe/database';
import type { TargetSession } from '@floe/database';
import { eventually, startTestPostgres } from '@floe/testing';
import type { TestPostgres } from '@floe/testing';
import type { AttemptKey } from './attempt-scheduler.ts';
import { openFixture } from './executor-fixture.ts';
import type { Fixture, RunningExecutor } from './executor-fixture.ts';

const WITHIN = { withinMs: 10_000 };

let postgres: TestPostgres;
let fixture: Fixture;
let executor: RunningExecutor;
let session: TargetSession;

beforeAll(async () => {
  postgres = await startTestPostgres();
  fixture = await openFixture();
  fixture.scheduler.postgres = postgres;
  executor = await fixture.startExecutor();
  const { host, port, user, password } = postgres;
  session = await openTarget(
    { host, port, user, password, database: 'postgres' },
    { applicationName: 'test', statementTimeoutMs: 0 },
  );
});

afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await executor.stop();
  await fixture[Symbol.asyncDispose]();
  await postgres.stop();
});

function anExtract(query: string) {
  return { type: 'postgres_extract', configJson: JSON.stringify({ connection: 'source', query }) };
}

/** Sessions of an attempt that compute at this moment. */
async function busySessions(runId: string): Promise<number> {
  const rows = await session.query(
    `select from pg_stat_activity where state = 'active' and application_name = $1`,
    [`floe:${runId}:task`],
  );
  return rows.length;
}

async function sessions(runId: string): Promise<number> {
  const rows = await session.query('select from pg_stat_activity where application_name = $1', [
    `floe:${runId}:task`,
  ]);
  return rows.length;
}

test('extracts through a connection that metadata resolves', async () => {
  const key = fixture.scheduler.offer(
    fixture.bus,
    anExtract('select * from generate_series(1, 1000) as n'),
  );
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  const outcome = fixture.scheduler.finishOf(key)?.outcome;
  expect(outcome).toMatchObject({ $case: 'succeeded', value: { rows: 1_000n } });
  const dataset: unknown = JSON.parse(
    outcome?.$case === 'succeeded' ? outcome.value.datasetJson : '',
  );
  expect(dataset).toMatchObject({ uri: expect.stringContaining(`${key.runId}/task-1.ipc`) });
});

test('cancels the statement of a cancelled attempt, within 2 s', async () => {
  const key = fixture.scheduler.offer(fixture.bus, anExtract('select pg_sleep(60)::text as n'));
  await eventually(async () => (await busySessions(key.runId)) === 1, WITHIN);
  const startedMs = performance.now();
  fixture.bus.publishStop(executor.id, key);
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  expect(await busySessions(key.runId)).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(fixture.scheduler.finishOf(key)?.outcome).toMatchObject({ value: { cancelled: true } });
});

/** Cancels once the run's statement computes, and checks that the end came in time and left no session. */
async function cancelWhileBusy(key: AttemptKey): Promise<void> {
  await eventually(async () => (await busySessions(key.runId)) === 1, WITHIN);
  const startedMs = performance.now();
  fixture.bus.publishStop(executor.id, key);
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(fixture.scheduler.finishOf(key)?.outcome).toMatchObject({ value: { cancelled: true } });
  expect(await sessions(key.runId)).toBe(0);
}

async function countRows(table: string): Promise<number> {
  const [row] = await session.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(row?.count);
}

test('writes nothing more of a statement that was cancelled, also when it would have ended by now', async () => {
  await session.query('create table written (n bigint)');
  const statements = [
    'insert into written values (1)',
    'insert into written select n from generate_series(2, 4) as n, lateral (select pg_sleep(0.5 * n)) as slow',
  ];
  const configJson = JSON.stringify({ connection: 'source', statements });
  const key = fixture.scheduler.offer(fixture.bus, { type: 'postgres_sql', configJson });
  await cancelWhileBusy(key);
  // Left alone the statement takes 4.5 s.
  await session.query('select pg_sleep(5)');
  expect(await countRows('written')).toBe(0);
});

test('writes nothing of a load that is cancelled while its rows go in', async () => {
  await session.query('create table target (n integer)');
  await session.query(`create function slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.01); return new; end $$`);
  await session.query(
    'create trigger slow before insert on target for each row execute function slow()',
  );
  const extract = fixture.scheduler.offer(
    fixture.bus,
    anExtract('select n from generate_series(1, 500) as n'),
  );
  await eventually(() => fixture.scheduler.finishOf(extract) !== undefined, WITHIN);
  const made = fixture.scheduler.finishOf(extract)?.outcome;
  const datasetJson = made?.$case === 'succeeded' ? made.value.datasetJson : '';
  const key = fixture.scheduler.offer(fixture.bus, {
    type: 'postgres_load',
    configJson: JSON.stringify({ connection: 'source', table: 'public.target', mode: 'append' }),
    inputs: [{ taskId: 'rows', datasetJson }],
  });
  const isLoading = async () => {
    const rows = await session.query(
      `select from pg_stat_activity where application_name = $1 and query ~* '(copy|into) "public"."target"'`,
      [`floe:${key.runId}:task`],
    );
    return rows.length === 1;
  };
  await eventually(isLoading, WITHIN);
  await cancelWhileBusy(key);
  // Left alone that takes 5 s.
  await session.query('select pg_sleep(5)');
  expect(await countRows('target')).toBe(0);
  expect(await countRows(`floe_load.load_commit where state = 'done'`)).toBe(0);
});

test('gives each item its own effect, once, and names the items that failed', async () => {
  await session.query('create table item_effect (n integer check (n <> 3))');
  const statements = ['insert into item_effect values (${{ params.item }})'];
  const items = [1, 2, 3, 4].map((value, index) => ({
    index: index + 10,
    valueJson: JSON.stringify({ kind: 'integer', value: String(value) }),
  }));
  const configJson = JSON.stringify({ connection: 'source', statements });
  const key = fixture.scheduler.offer(fixture.bus, { type: 'postgres_sql', configJson, items });
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  expect(fixture.scheduler.finishOf(key)?.outcome).toMatchObject({
    $case: 'succeeded',
    value: {
      failedItems: [{ index: 12, failure: { message: expect.stringMatching(/^item 12: /) } }],
    },
  });
  const rows = await session.query<{ n: number }>('select n from item_effect order by n');
  expect(rows.map(({ n }) => n)).toEqual([1, 2, 4]);
});

test('keeps the password out of a failure that repeats it (A5)', async () => {
  const query = `select cast('${postgres.password}' as integer) as n`;
  const key = fixture.scheduler.offer(fixture.bus, anExtract(query));
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  const outcome = fixture.scheduler.finishOf(key)?.outcome;
  const message = outcome?.$case === 'failed' ? outcome.value.failure?.message : '';
  expect(message).toContain('***');
  expect(message).not.toContain(postgres.password);
});
