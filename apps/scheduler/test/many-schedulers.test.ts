// Hunts the run that is lost, done twice or stuck when schedulers that share a database die and freeze in its middle.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, freePort } from '@floe/testing';
import { SchedulerFixture, aWorkflow, startRequest } from './scheduler-fixture.ts';
import { startSchedulerProcess, type SchedulerProcess } from './scheduler-process.ts';
import { WanderingExecutor } from './wandering-executor.ts';

const RUNS = 24;
const WIDTH = 6;
// first, then WIDTH beside each other, then last.
const TASKS = WIDTH + 2;

let fixture: SchedulerFixture;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  const middle = Array.from({ length: WIDTH }, (_, index) => `middle${index}`);
  await fixture.addWorkflow(
    aWorkflow('diamond', {
      first: [],
      ...Object.fromEntries(middle.map((task) => [task, ['first']])),
      last: middle,
    }),
  );
});

afterAll(() => fixture.stop());

async function startOne(): Promise<SchedulerProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  const { url: databaseUrl, nats } = fixture;
  return startSchedulerProcess({ databaseUrl, natsUrl: nats.url, address });
}

/** Starts a run with whichever scheduler answers; the request id makes it one run, however often it is asked for. */
async function startRun(schedulers: readonly SchedulerProcess[], index: number): Promise<string> {
  for (let turn = index; ; turn += 1) {
    const scheduler = schedulers[turn % schedulers.length]!;
    try {
      const request = startRequest('diamond', `many-${index}`);
      const { run } = await scheduler.runs.startRun(request, { deadlineMs: 2_000 });
      return run!.runId;
    } catch {
      await delay(50);
    }
  }
}

test('three schedulers, one killed and one frozen: nothing is lost, doubled or stuck (P1, P2, P4)', async () => {
  const schedulers = [await startOne(), await startOne(), await startOne()];
  const accepted = new Map<string, Set<bigint>>();
  const executors = ['one', 'two', 'three'].map(
    (name) => new WanderingExecutor(name, () => schedulers, accepted),
  );
  const working = executors.map((executor) => executor.run());
  const starting = Array.from({ length: RUNS }, async (_, index) => {
    await delay(index * 100);
    return startRun(schedulers, index);
  });
  await delay(500);
  await schedulers[0]!.kill();
  schedulers[1]!.freeze();
  await delay(4_000);
  schedulers[1]!.resume();
  schedulers[0] = await startOne();
  await delay(300);
  await schedulers[2]!.kill();
  schedulers.pop();
  const runIds = new Set(await Promise.all(starting));
  await eventually(async () => (await countUnended()) === 0, { withinMs: 60_000, everyMs: 200 });
  for (const executor of executors) executor.stop();
  await Promise.all(working);

  expect(runIds.size).toBe(RUNS);
  expect(await fixture.query('select state, count(*)::int from floe.run group by state')).toEqual([
    { state: 'succeeded', count: RUNS },
  ]);
  expect(accepted.size).toBe(RUNS * TASKS);
  expect([...accepted.values()].every((epochs) => epochs.size === 1)).toBe(true);
  const doubled = await fixture.query(
    `select run_id, task_index from floe.attempt where state = 'succeeded'
     group by run_id, task_index having count(*) <> 1`,
  );
  expect(doubled).toEqual([]);
  expect(await gaps()).toEqual([]);
  // Events that a killed scheduler did not publish are adopted; no collector takes traces here, and none is set.
  await eventually(async () => (await fixture.query('select 1 from floe.outbox')).length === 0, {
    withinMs: 15_000,
  });
  for (const scheduler of schedulers) await scheduler[Symbol.asyncDispose]();
}, 180_000);

async function countUnended(): Promise<number> {
  const rows = await fixture.query<{ count: number }>(
    `select count(*)::int as count from floe.run where wake_at is not null`,
  );
  return rows[0]!.count;
}

/** Runs whose events are not numbered from 1 to the last without a gap. */
function gaps(): Promise<unknown[]> {
  return fixture.query(
    `select r.run_id from floe.run r
     join floe.run_event_batch e on e.run_id = r.run_id
     group by r.run_id, r.event_sequence
     having sum(e.last_sequence - e.first_sequence + 1) <> r.event_sequence
       or min(e.first_sequence) <> 1 or max(e.last_sequence) <> r.event_sequence`,
  );
}
