// Tasks that go through items, on real PostgreSQL: chunks given out at once, failed items alone tried again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RetryRunRequest } from '@floe/rpc/contracts';
import { applied, endedWith, settled, stateOf, takeAll, tasksOf } from './applied-workflow.ts';
import {
  SchedulerFixture,
  exchange,
  startRequest,
  succeed,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
});

afterAll(async () => {
  await fixture.stop();
});

async function start(name: string): Promise<string> {
  const { run } = await scheduler.runs.startRun(startRequest(name));
  return run!.runId;
}

const NOTHING = { slot: 0, light: 0 };

test('gives out several chunks in one exchange, each with its items', async () => {
  const items = Array.from({ length: 35 }, (_, index) => `i${index}`).join(', ');
  const name = await applied(
    fixture,
    `
name: listed
tasks:
  each: { type: noop, foreach: { items: [${items}], chunk: 10, parallel: 3 } }
  after: { type: noop, needs: [each] }
`,
  );
  const runId = await start(name);
  const leases = await takeAll(scheduler, runId);
  expect(leases.map(({ epoch, task }) => [epoch, task?.items.length])).toEqual([
    [1n, 10],
    [2n, 10],
    [3n, 10],
  ]);
  expect(leases[1]?.task?.items[0]).toEqual({
    index: 10,
    valueJson: JSON.stringify({ kind: 'string', value: 'i10' }),
  });
  const finished = leases.map((lease) => endedWith(lease, []));
  const next = await exchange(scheduler, { free: { slot: 0, light: 5 }, finished });
  expect(next.accepted).toEqual([true, true, true]);
  expect(next.leases.map(({ task }) => task?.items.length)).toEqual([5]);
  await succeed(scheduler, next.leases[0]!);
  expect(await tasksOf(fixture, runId)).toBe('each:succeeded after:ready');
  const attempts = await fixture.query<{ items: string; state: string }>(
    'select items, state from attempt where run_id = $1 and task_index = 0 order by epoch',
    [runId],
  );
  expect(attempts.map(({ items: ranges }) => ranges)).toEqual(['0-9', '10-19', '20-29', '30-34']);
  expect(attempts.every(({ state }) => state === 'succeeded')).toBe(true);
});

test('tries again only the items that failed, and tells how many failed for good', async () => {
  const name = await applied(
    fixture,
    `
name: failing
tasks:
  each:
    type: noop
    retries: { max: 1, delay: 100ms, jitter: 0 }
    foreach: { items: [1, 2, 3, 4, 5, 6], chunk: 6 }
`,
  );
  const runId = await start(name);
  const [first] = await takeAll(scheduler, runId);
  await exchange(scheduler, { free: NOTHING, finished: [endedWith(first!, [1, 4])] });
  const [second] = await settled(
    () => takeAll(scheduler, runId),
    (leases) => leases.length > 0,
  );
  expect(second?.task?.items.map(({ index }) => index)).toEqual([1, 4]);
  await exchange(scheduler, { free: NOTHING, finished: [endedWith(second!, [4])] });
  expect(await stateOf(fixture, runId)).toBe('failed');
  const [row] = await fixture.query<{ failure: { message: string }; extra: { items: object } }>(
    'select failure, extra from task_run where run_id = $1',
    [runId],
  );
  expect(row?.failure.message).toContain('1 of 6 items failed; the first: no such airport');
  expect(row?.extra.items).toMatchObject({ done: 'ssssfs', succeeded: 5, failed: 1 });
});

test('refuses the end of a chunk by another than its holder', async () => {
  const name = await applied(
    fixture,
    'name: held\ntasks:\n  each: { type: noop, foreach: { items: [1, 2], chunk: 1 } }\n',
  );
  const runId = await start(name);
  const [one, two] = await takeAll(scheduler, runId);
  // Both came with the token of one exchange; a token of another does not count.
  const forged = { ...endedWith(one!, []), token: `forged ${one!.token}` };
  const { accepted } = await exchange(scheduler, { free: NOTHING, finished: [forged] });
  expect(accepted).toEqual([false]);
  const ends = [endedWith(two!, []), endedWith(one!, [])];
  const both = await exchange(scheduler, { free: NOTHING, finished: ends });
  expect(both.accepted).toEqual([true, true]);
  expect(await stateOf(fixture, runId)).toBe('succeeded');
});

test('another scheduler goes on with chunks that run', async () => {
  const name = await applied(
    fixture,
    'name: moved\ntasks:\n  each: { type: noop, foreach: { items: [1, 2, 3, 4], chunk: 1, parallel: 2 } }\n',
  );
  const runId = await start(name);
  const leases = await takeAll(scheduler, runId);
  expect(leases).toHaveLength(2);
  const other = await fixture.startScheduler();
  const finished = leases.map((lease) => endedWith(lease, []));
  const next = await exchange(other, { free: { slot: 0, light: 4 }, finished });
  expect(next.accepted).toEqual([true, true]);
  const rest = next.leases.filter((lease) => lease.runId === runId);
  expect(rest.map(({ epoch }) => epoch)).toEqual([3n, 4n]);
  await exchange(scheduler, {
    free: NOTHING,
    finished: rest.map((lease) => endedWith(lease, [])),
  });
  expect(await stateOf(fixture, runId)).toBe('succeeded');
});

test('goes through 10,000 items as one task run', async () => {
  const items = Array.from({ length: 10_000 }, (_, index) => index).join(', ');
  const name = await applied(
    fixture,
    `name: many\ntasks:\n  each: { type: noop, foreach: { items: [${items}] } }\n`,
  );
  const runId = await start(name);
  let finished = [] as ReturnType<typeof endedWith>[];
  let exchanges = 0;
  while ((await stateOf(fixture, runId)) !== 'succeeded' && exchanges < 60) {
    const { leases } = await exchange(scheduler, { free: { slot: 0, light: 16 }, finished });
    finished = leases.filter((lease) => lease.runId === runId).map((lease) => endedWith(lease, []));
    exchanges += 1;
  }
  expect(await tasksOf(fixture, runId)).toBe('each:succeeded');
  const [row] = await fixture.query<{ count: number }>(
    'select count(*)::int as count from attempt where run_id = $1',
    [runId],
  );
  expect(row?.count).toBe(100);
});

test('tries a named item of an ended run again, and goes on with its rows under another scheduler', async () => {
  const name = await applied(
    fixture,
    `
name: again
tasks:
  all: { type: noop }
  each: { type: noop, needs: [all], foreach: { items: [1, 2, 3, 4, 5, 6], chunk: 2 } }
  after: { type: noop, needs: [each], when: tasks.each.rows == 4 }
`,
  );
  const runId = await start(name);
  await succeed(scheduler, (await takeAll(scheduler, runId))[0]!);
  const chunks = await takeAll(scheduler, runId);
  // One row for each chunk, also for that of which an item has failed.
  const finished = chunks.map((lease, index) => endedWith(lease, index === 1 ? [3] : [], false));
  await exchange(scheduler, { free: NOTHING, finished });
  expect(await stateOf(fixture, runId)).toBe('failed');
  const other = await fixture.startScheduler();
  const retry = (fromTaskId: string, items: string) =>
    other.runs.retryRun(RetryRunRequest.create({ runId, fromTaskId, items }));
  for (const [task, items, words] of [
    ['', '3', 'without the task'],
    ['all', '3', 'has no items'],
    ['each', '6', 'there is no item 6, only 6 items'],
    ['each', '3-1', '"3-1" names no items'],
    ['each', '1;2', '"1;2" names no items'],
  ] as const)
    await expect(retry(task, items)).rejects.toThrow(words);
  const { run } = await retry('each', 'failed');
  const next = run!.runId;
  expect(await tasksOf(fixture, next)).toBe('all:succeeded each:ready after:pending');
  const [lease] = await takeAll(scheduler, next);
  expect(lease?.task?.items.map(({ index }) => index)).toEqual([3]);
  await exchange(scheduler, { free: NOTHING, finished: [endedWith(lease!, [])] });
  // What was kept counts also where another scheduler has read the run anew.
  expect(await tasksOf(fixture, next)).toBe('all:succeeded each:succeeded after:ready');
  const [row] = await fixture.query<{ rows: number }>(
    'select rows from task_run where run_id = $1 and task_index = 1',
    [next],
  );
  expect(row?.rows).toBe(4);
});

test('fails a task whose parameter holds no list, in words', async () => {
  const name = await applied(
    fixture,
    'name: unlisted\nparams: { all: { type: string, default: OSL } }\ntasks:\n  each: { type: noop, foreach: { parameter: all } }\n',
  );
  const runId = await start(name);
  expect(await stateOf(fixture, runId)).toBe('failed');
  const { run } = await scheduler.runs.startRun({
    ...startRequest(name),
    parameters: { all: '["OSL", "BGO"]' },
  });
  const [lease] = await takeAll(scheduler, run!.runId);
  expect(lease?.task?.items.map(({ valueJson }) => JSON.parse(valueJson))).toEqual([
    { kind: 'string', value: 'OSL' },
  ]);
});
