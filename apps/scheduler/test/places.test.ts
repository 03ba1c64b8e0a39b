// Keyed concurrency on real PostgreSQL, with two schedulers: no place is given out twice, and none is lost.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, settled, stateOf, takeAll, tasksOf } from './applied-workflow.ts';
import {
  SchedulerFixture,
  exchange,
  startRequest,
  succeed,
  succeeded,
  take,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;
let other: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  [scheduler, other] = await Promise.all([fixture.startScheduler(), fixture.startScheduler()]);
});

afterAll(async () => {
  await fixture.stop();
});

async function start(workflow: string, parameters?: Record<string, unknown>): Promise<string> {
  const request = { ...startRequest(workflow), ...(parameters && { parameters }) };
  const { run } = await scheduler.runs.startRun(request);
  return run!.runId;
}

const keyed = (name: string, policy: string) =>
  applied(
    fixture,
    `
name: ${name}
params: { customer: { type: integer, default: 1 } }
concurrency: { key: "${name}-\${{ params.customer }}", limit: 1, on_conflict: ${policy} }
tasks:
  work: { type: noop }
`,
  );

const reaches = (runId: string, state: string) =>
  settled(
    () => stateOf(fixture, runId),
    (is) => is === state,
  );

test('lets runs with one key begin one after the other, in the order of asking', async () => {
  const name = await keyed('queued', 'queue');
  const [first, second, third] = [await start(name), await start(name), await start(name)];
  const elsewhere = await start(name, { customer: 2 });
  expect(await tasksOf(fixture, second!)).toBe('work:pending');
  expect(await tasksOf(fixture, elsewhere)).toBe('work:ready');
  await succeed(scheduler, await take(scheduler, first!));
  await succeed(scheduler, await take(scheduler, elsewhere));
  await succeed(other, await take(other, second!));
  expect(await tasksOf(fixture, third!)).toMatch(/work:(pending|ready)/);
  await succeed(scheduler, await take(scheduler, third!));
  for (const runId of [first!, second!, third!])
    expect(await stateOf(fixture, runId)).toBe('succeeded');
  expect(await fixture.query('select * from run_place')).toEqual([]);
});

test('ends a run that finds its place taken, where the document says skip', async () => {
  const name = await keyed('skipping', 'skip');
  const first = await start(name);
  const second = await start(name);
  expect(await stateOf(fixture, second)).toBe('cancelled');
  const [row] = await fixture.query<{ failure: object }>(
    'select failure from run where run_id = $1',
    [second],
  );
  expect(row?.failure).toMatchObject({
    message: 'another run holds the place of "skipping-1"',
  });
  await succeed(scheduler, await take(scheduler, first));
  expect(await tasksOf(fixture, await start(name))).toBe('work:ready');
});

test('cancels the run before it, where the document says cancel_previous', async () => {
  const name = await keyed('newest', 'cancel_previous');
  const first = await start(name);
  const second = await start(name);
  expect(await reaches(first, 'cancelled')).toBe('cancelled');
  await succeed(scheduler, await take(scheduler, second));
  expect(await stateOf(fixture, second)).toBe('succeeded');
});

test('never gives out more attempts of a key than it has places, whoever asks', async () => {
  const tasks = Array.from(
    { length: 12 },
    (_, index) => `  t${index}: { type: noop, concurrency: { key: warehouse, limit: 3 } }`,
  );
  const name = await applied(fixture, `name: limited\ntasks:\n${tasks.join('\n')}\n`);
  const runs = await Promise.all([start(name), start(name)]);
  const ofRuns = (leases: readonly { runId: string }[]) =>
    leases.filter(({ runId }) => runs.includes(runId)).length;
  let most = 0;
  let done = 0;
  for (let round = 0; round < 40 && done < 24; round += 1) {
    const ask = (clients: SchedulerClients) =>
      exchange(clients, { free: { slot: 8, light: 8 } }).then(({ leases }) => leases);
    const leases = (await Promise.all([scheduler, other, scheduler, other].map(ask))).flat();
    most = Math.max(most, ofRuns(leases));
    const finished = leases.map((lease) => succeeded(lease));
    await exchange(other, { free: { slot: 0, light: 0 }, finished });
    done += ofRuns(leases);
  }
  expect(most).toBe(3);
  expect(done).toBe(24);
  for (const runId of runs) expect(await reaches(runId, 'succeeded')).toBe('succeeded');
});

test('hands a place on in the exchange that frees it', async () => {
  const name = await applied(
    fixture,
    `
name: handing
tasks:
  a: { type: noop, concurrency: { key: one } }
  b: { type: noop, concurrency: { key: one } }
`,
  );
  const runId = await start(name);
  const [first, ...none] = await takeAll(scheduler, runId);
  expect(none).toEqual([]);
  const next = await exchange(other, {
    free: { slot: 0, light: 4 },
    finished: [succeeded(first!)],
  });
  const rest = next.leases.length > 0 ? next.leases : await takeAll(scheduler, runId);
  expect(rest.map(({ taskId }) => taskId)).toEqual(['b']);
  await succeed(scheduler, rest[0]!);
  expect(await stateOf(fixture, runId)).toBe('succeeded');
});

test('skips a task that finds its place taken, where the document says so', async () => {
  const name = await applied(
    fixture,
    `
name: optional
tasks:
  a: { type: noop, concurrency: { key: two } }
  b: { type: noop, concurrency: { key: two, on_conflict: skip } }
  c: { type: noop, needs: [b], trigger: none_failed }
`,
  );
  const runId = await start(name);
  const leases = await takeAll(scheduler, runId);
  expect(leases.map(({ taskId }) => taskId)).toEqual(['a', 'c']);
  expect(await tasksOf(fixture, runId)).toBe('a:running b:skipped c:running');
});
