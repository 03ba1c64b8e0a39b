/** Hunts records of attempts that do not count: lost, cancelled, replaced; and older runs that undo newer ones. */
import { openControlDatabase, type ControlDatabase } from '@floe/database';
import { createRpcClient, type RpcClient } from '@floe/rpc';
import { RecordService } from '@floe/rpc/internal-contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;
let client: RpcClient<typeof RecordService>;
let runs = 0;

beforeAll(async () => {
  fixture = await startFixture();
  client = createRpcClient(RecordService, { addresses: [fixture.address], name: 'metadata' });
  const source = 'name: etl\ntasks: { a: { type: noop } }';
  await fixture.metadata.applyWorkflow({ source, validateOnly: false });
});
afterAll(async () => {
  client.close();
  await fixture.stop();
});

/** A run whose task `a` is at its second attempt, written as the scheduler would. Later ones have greater ids. */
async function startRun(): Promise<string> {
  runs += 1;
  const runId = `01890a5d-ac96-774b-8cce-${String(runs).padStart(12, '0')}`;
  await fixture.query(`insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters,
      created_at, deadline_at, trace_id, span_id, trace_flags)
    values ('${runId}', 'etl', 1, 'running', 'manual', '{}', now(), now(), 't', 's', 0)`);
  await fixture.query(`insert into floe.task_run (run_id, task_index, task_id, type, state, epoch, span_id)
    values ('${runId}', 0, 'a', 'update_metrics', 'running', 2, 's')`);
  await fixture.query(`insert into floe.attempt (run_id, task_index, epoch, number, state, ready_at, span_id)
    values ('${runId}', 0, 1, 1, 'lost', now(), 's'), ('${runId}', 0, 2, 2, 'running', now(), 's')`);
  return runId;
}

const end = (runId: string) =>
  fixture.query(
    `update floe.attempt set state = 'succeeded' where run_id = '${runId}' and epoch = 2`,
  );

const metric = (name: string, value: number) => ({ name, value, unit: 'rows', type: 'custom' });

const metricsOf = (runId: string) =>
  fixture.query(
    `select name, value, epoch::int from floe.metric where run_id = '${runId}' order by name`,
  );

async function factsOf(): Promise<Record<string, unknown>> {
  const { metadata } = await fixture.metadata.getWorkflow({ name: 'etl', version: 0 });
  return Object.fromEntries(metadata.map(({ name, value }) => [name, value]));
}

test('an attempt that runs records, again replaces, and one that was lost or has ended is refused', async () => {
  const runId = await startRun();
  const put = (epoch: bigint, value: number) =>
    client.recordMetrics({ runId, taskId: 'a', epoch, metrics: [metric('late', value)] });
  expect(await put(2n, 1)).toEqual({ stored: 1 });
  expect(await put(2n, 5)).toEqual({ stored: 1 });
  await expect(put(1n, 9)).rejects.toMatchObject({ code: 'EPOCH_STALE' });
  await expect(put(3n, 9)).rejects.toMatchObject({ code: 'EPOCH_STALE' });
  await end(runId);
  await expect(put(2n, 9)).rejects.toMatchObject({ code: 'EPOCH_STALE' });
  expect(await metricsOf(runId)).toEqual([{ name: 'late', value: 5, epoch: 2 }]);
});

test.each([
  [[metric('a', 1), metric('a', 2)], 'twice'],
  [[metric('b', 1), metric('a', Number.NaN)], 'no finite number'],
  [[metric('b', 1), metric('a\0', 1)], 'NUL'],
  [Array.from({ length: 201 }, (_, index) => metric(`m${index}`, 1)), 'at most 200'],
])('wrong metrics are refused, all of them', async (metrics, words) => {
  const runId = await startRun();
  await expect(
    client.recordMetrics({ runId, taskId: 'a', epoch: 2n, metrics }),
  ).rejects.toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringContaining(words) });
  expect(await metricsOf(runId)).toEqual([]);
});

test('what the newest run says of its workflow stands, and what it no longer says goes', async () => {
  const [older, newer] = [await startRun(), await startRun()];
  const say = (runId: string, entries: Record<string, unknown>) =>
    client.recordWorkflowMetadata({ runId, taskId: 'a', epoch: 2n, entries });
  await say(older, { owner: 'sales', rows: 3, is_final: false, none: null });
  expect(await factsOf()).toEqual({ owner: 'sales', rows: 3, is_final: false, none: null });
  expect(await say(newer, { owner: 'finance' })).toEqual({ stored: 1 });
  expect(await factsOf()).toEqual({ owner: 'finance' });
  expect(await say(older, { owner: 'sales', extra: 1 })).toEqual({ stored: 1 });
  expect(await factsOf()).toEqual({ owner: 'finance', extra: 1 });
  await end(newer);
  await expect(say(newer, { owner: 'nobody' })).rejects.toMatchObject({ code: 'EPOCH_STALE' });
});

test('a workflow has a bounded number of facts: those beyond are refused, and none of the call is kept', async () => {
  const runId = await startRun();
  await fixture.query(`insert into floe.workflow_metadata (workflow_name, name, value, run_id, task_id, epoch)
    select 'etl', 'old_' || n, '1', '${runId}', 'other', 1 from generate_series(1, 499) n`);
  const entries = { one: 1, two: 2 };
  await expect(
    client.recordWorkflowMetadata({ runId, taskId: 'a', epoch: 2n, entries }),
  ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect(Object.keys(await factsOf())).not.toContain('one');
  await fixture.query(`delete from floe.workflow_metadata where task_id = 'other'`);
});

test.each([
  [{ a: [1] }, 'no single value'],
  [{ a: { b: 1 } }, 'no single value'],
  [{ a: 'x'.repeat(4_001) }, 'over 4000 characters'],
])('a fact that is none is refused', async (entries, words) => {
  const runId = await startRun();
  await expect(
    client.recordWorkflowMetadata({ runId, taskId: 'a', epoch: 2n, entries }),
  ).rejects.toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringContaining(words) });
});

test('no other service records', async () => {
  const open = (role: 'floe_scheduler' | 'floe_reporting'): ControlDatabase =>
    openControlDatabase({
      url: fixture.databaseUrl,
      role,
      applicationName: 'test',
      connectionsMax: 1,
    });
  for (const role of ['floe_scheduler', 'floe_reporting'] as const) {
    await using other = { db: open(role), [Symbol.asyncDispose]: () => other.db.close() };
    await expect(other.db.db.deleteFrom('workflow_metadata').execute()).rejects.toThrow(
      /permission denied/,
    );
  }
});
