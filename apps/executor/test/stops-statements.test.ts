import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTarget } from '@floe/database';
import type { TargetSession } from '@floe/database';
import { eventually, startTestPostgres } from '@floe/testing';
import type { TestPostgres } from '@floe/testing';
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

test('keeps the password out of a failure that repeats it (A5)', async () => {
  const query = `select cast('${postgres.password}' as integer) as n`;
  const key = fixture.scheduler.offer(fixture.bus, anExtract(query));
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  const outcome = fixture.scheduler.finishOf(key)?.outcome;
  const message = outcome?.$case === 'failed' ? outcome.value.failure?.message : '';
  expect(message).toContain('***');
  expect(message).not.toContain(postgres.password);
});
