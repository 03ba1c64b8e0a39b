// Results of earlier runs in place of work, on the real store: what hits, what misses, and what is kept.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControlDatabase } from '@floe/database';
import { StartRunRequest } from '@floe/rpc/contracts';
import { FinishAttemptRequest, type AttemptLease } from '@floe/rpc/internal-contracts';
import { pgRunStore } from '../src/store/pg-run-store.ts';
import { applied, stateOf, tasksOf } from './applied-workflow.ts';
import { exchange, finish, SchedulerFixture, type SchedulerClients } from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
});

afterAll(async () => {
  await fixture.stop();
});

/** A chain of its own for each test: `rows` may change, `kept` is kept for an hour, `store` has an effect. */
function chain(name: string, rowsCache = ''): Promise<string> {
  return applied(
    fixture,
    `
name: ${name}
tasks:
  rows: { type: file_extract, path: ${name}.csv, ${rowsCache} }
  kept: { type: check, inputs: [rows], rules: [{ row_count: { min: 1 } }], cache: 1h }
  store: { type: file_load, inputs: [kept], path: ${name}-out.csv }
`,
  );
}

async function start(workflowName: string, ignoreCache = false): Promise<string> {
  const request = StartRunRequest.create({ workflowName, ignoreCache });
  const { run } = await scheduler.runs.startRun(request);
  return run!.runId;
}

async function takeNext(): Promise<AttemptLease> {
  const { leases } = await exchange(scheduler, { free: { slot: 1, light: 0 } });
  return leases[0]!;
}

/** The next attempt succeeds; a dataset has the hash of its content. Gives the name of its task. */
async function doNext(hash: string): Promise<string> {
  const lease = await takeNext();
  const { runId, taskId } = lease;
  const dataset = { uri: `file:///${runId}/${taskId}`, rows: 3, bytes: 30, schema: [], hash };
  const datasetJson = taskId === 'store' ? '' : JSON.stringify(dataset);
  const value = { rows: 3n, bytes: 30n, datasetJson };
  await finish(
    scheduler,
    FinishAttemptRequest.create({ ...lease, outcome: { $case: 'succeeded', value } }),
  );
  return taskId;
}

async function doAll(runId: string, hash: string): Promise<string[]> {
  const done: string[] = [];
  while ((await stateOf(fixture, runId)) !== 'succeeded') done.push(await doNext(hash));
  return done;
}

const knownFrom = (runId: string) =>
  fixture
    .query<{ task_id: string; known_from: string | null }>(
      'select task_id, known_from from task_run where run_id = $1 order by task_index',
      [runId],
    )
    .then((rows) => Object.fromEntries(rows.map((row) => [row.task_id, row.known_from])));

test('the same text on the same content is not done again, and says which run has done it', async () => {
  const name = await chain('same');
  const first = await start(name);
  expect(await doAll(first, 'a1')).toEqual(['rows', 'kept', 'store']);
  const second = await start(name);
  expect(await doAll(second, 'a1')).toEqual(['rows', 'store']);
  expect(await knownFrom(second)).toEqual({ rows: null, kept: first, store: null });
  const [told] = await fixture.query<{ facts: { knownFrom: string; rows: number } }>(
    `select e -> 'facts' as facts from run_event_batch b, json_array_elements(b.events) as e
     where run_id = $1 and e ->> 'type' = 'task.succeeded' and (e ->> 'task')::int = 1`,
    [second],
  );
  expect(told!.facts).toMatchObject({ knownFrom: first, rows: 3, attempts: 0 });
});

test('a chain of known results ends in the transaction that began it, and what follows reads them', async () => {
  const name = await chain('whole', 'cache: 1h');
  const first = await start(name);
  await doAll(first, 'b1');
  const second = await start(name);
  expect(await tasksOf(fixture, second)).toBe('rows:succeeded kept:succeeded store:ready');
  const lease = await takeNext();
  expect(lease.taskId).toBe('store');
  expect(JSON.parse(lease.task!.inputs[0]!.datasetJson)).toMatchObject({
    uri: `file:///${first}/kept`,
  });
});

test('other content is other work, and both are known from then on', async () => {
  const name = await chain('content');
  await doAll(await start(name), 'c1');
  expect(await doAll(await start(name), 'c2')).toEqual(['rows', 'kept', 'store']);
  expect(await doAll(await start(name), 'c1')).toEqual(['rows', 'store']);
  expect(await doAll(await start(name), 'c2')).toEqual(['rows', 'store']);
});

test('another text is other work; what is only about its conduct is not', async () => {
  await doAll(await start(await chain('text')), 'd1');
  const next = (rule: string) => `
name: text-${rule.length}
tasks:
  rows: { type: file_extract, path: text.csv }
  kept: { type: check, inputs: [rows], rules: [{ ${rule} }], cache: 2h, timeout: 5m, priority: 7 }
  store: { type: file_load, inputs: [kept], path: text-out.csv }
`;
  const same = await start(await applied(fixture, next('row_count: { min: 1 }')));
  expect(await doAll(same, 'd1')).toEqual(['rows', 'store']);
  const other = await start(await applied(fixture, next('row_count: { min: 20 }')));
  expect(await doAll(other, 'd1')).toEqual(['rows', 'kept', 'store']);
});

test('what is older than it may be is done again, and then is new', async () => {
  const name = await chain('old');
  const first = await start(name);
  await doAll(first, 'e1');
  const age = `update task_result set made_at = made_at - interval '61 minutes' where run_id = $1`;
  await fixture.query(age, [first]);
  const second = await start(name);
  expect(await doAll(second, 'e1')).toEqual(['rows', 'kept', 'store']);
  const third = await start(name);
  await doAll(third, 'e1');
  expect((await knownFrom(third))['kept']).toBe(second);
});

test('a run may ignore what is known, and what it makes is known to the next', async () => {
  const name = await chain('ignored');
  await doAll(await start(name), 'f1');
  const second = await start(name, true);
  expect(await doAll(second, 'f1')).toEqual(['rows', 'kept', 'store']);
  const third = await start(name);
  await doAll(third, 'f1');
  expect((await knownFrom(third))['kept']).toBe(second);
});

test('a known result whose rows are gone is made again, not found again (K3)', async () => {
  const name = await chain('gone');
  await doAll(await start(name), 'g1');
  const runId = await start(name);
  expect(await doNext('g1')).toBe('rows');
  const store = await takeNext();
  const failure = { code: 'DATASET_MISSING', message: 'gone', details: { task: 'kept' } };
  const value = { failure, retryable: true };
  await finish(
    scheduler,
    FinishAttemptRequest.create({ ...store, outcome: { $case: 'failed', value } }),
  );
  expect(await doAll(runId, 'g1')).toEqual(['kept', 'store']);
  expect(await knownFrom(runId)).toEqual({ rows: null, kept: null, store: null });
  const next = await start(name);
  await doAll(next, 'g1');
  expect((await knownFrom(next))['kept']).toBe(runId);
});

test('two runs that make the same at once both make it, and neither waits (K4)', async () => {
  const name = await chain('twice');
  const runs = [await start(name), await start(name)];
  const leases = [await takeNext(), await takeNext()];
  expect(leases.map(({ runId }) => runId).toSorted()).toEqual(runs.toSorted());
  const value = (lease: AttemptLease) => ({
    rows: 3n,
    bytes: 30n,
    datasetJson: JSON.stringify({
      uri: `file:///${lease.runId}`,
      rows: 3,
      bytes: 30,
      schema: [],
      hash: 'h',
    }),
  });
  // Both ends, and both that follow, in one transaction each.
  const ends = (some: readonly AttemptLease[]) =>
    some.map((lease) =>
      FinishAttemptRequest.create({
        ...lease,
        outcome: { $case: 'succeeded', value: value(lease) },
      }),
    );
  const kept = await exchange(scheduler, { free: { slot: 2, light: 0 }, finished: ends(leases) });
  expect(kept.leases.map(({ taskId }) => taskId)).toEqual(['kept', 'kept']);
  const stores = await exchange(scheduler, {
    free: { slot: 2, light: 0 },
    finished: ends(kept.leases),
  });
  expect(stores.accepted).toEqual([true, true]);
  expect(stores.leases.map(({ taskId }) => taskId)).toEqual(['store', 'store']);
});

test('results that are too old for anybody are forgotten', async () => {
  const name = await chain('forgotten');
  const runId = await start(name);
  await doAll(runId, 'i1');
  const { url } = fixture;
  const database = openControlDatabase({
    url,
    role: 'floe_scheduler',
    applicationName: 'test',
    connectionsMax: 1,
  });
  const past = `update task_result set expires_at = now() - interval '1 s' where run_id = $1`;
  await fixture.query(past, [runId]);
  await pgRunStore(database).forgetResults(1_000);
  await database.close();
  const left = await fixture.query('select key from task_result where run_id = $1', [runId]);
  expect(left).toEqual([]);
});
