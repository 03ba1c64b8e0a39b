/**
 * Partitions over hosts: two executors, each in a network namespace of its own with a folder of its own, that reach each
 * other's rows through the object store of NATS only.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startChaosFloe, type ChaosFloe } from '../chaos-floe.ts';
import { whyNoNetwork } from './is-possible.ts';
import { RemoteExecutor } from './remote-executor.ts';

// A whole Floe starts, and executors that are lost are waited for.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const POOL = 'remote';
const PARTITIONS = 4;
const ROWS = 50_000;
const RUN_WITHIN_MS = 90_000;
// Which host takes what is chance: one that is busy for a moment gets no part of a short task. So many runs leave it little.
const RUNS_MAX = 8;

/** `wait` makes each partition take a while, so that there is a middle. */
const workflow = (name: string, wait: number) => `name: ${name}
defaults: { pool: ${POOL}, retries: { max: 3, delay: 200ms, backoff: 1 } }
tasks:
  trips:
    type: postgres_extract
    connection: source
    partitions: ${PARTITIONS}
    split_by: id
    query: select id, city, amount from public.trips cross join (select pg_sleep(${wait})) as wait
  large: { type: expression_transform, inputs: [trips], polars: 'trips.filter(pl.col("amount") >= 10)' }
  cities:
    type: expression_transform
    inputs: [large]
    polars: large.group_by("city").agg(n=pl.len(), amount=pl.col("amount").sum())
  store: { type: postgres_load, inputs: [cities], connection: warehouse, table: public.cities, mode: truncate }
`;

const why = await whyNoNetwork();
let floe: ChaosFloe;
let remotes: RemoteExecutor[] = [];

beforeAll(async () => {
  if (why !== undefined) return;
  floe = await startChaosFloe(() => undefined);
  remotes = await Promise.all([0, 1].map(startRemote));
  await floe.sql('demo', 'create table public.cities (city text, n bigint, amount bigint)');
  await floe.sql('demo', 'create table public.trips (id bigint, city text, amount bigint)');
  await floe.sql(
    'demo',
    `insert into public.trips select id, 'city ' || id % 7, id % 100 from generate_series(1, ${ROWS}) as id`,
  );
  await floe.client.applyWorkflow(workflow('over_hosts', 1));
  await floe.client.applyWorkflow(workflow('over_hosts_slowly', 4));
});

afterAll(async () => {
  for (const remote of remotes) await remote[Symbol.asyncDispose]();
  await floe?.[Symbol.asyncDispose]();
});

function startRemote(ordinal: number): Promise<RemoteExecutor> {
  const settings = {
    FLOE_EXECUTOR_POOL: POOL,
    FLOE_DATASET_STORE: 'nats',
    FLOE_DATASET_DIR: join(floe.stateDir, `datasets-of-${ordinal}`),
  };
  return RemoteExecutor.start(floe, { env: process.env, ordinal, settings });
}

async function attemptsOf(runId: string, taskId: string) {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return taskRuns.find((task) => task.taskId === taskId)?.attempts ?? [];
}

async function endOf(runId: string): Promise<string> {
  const deadline = performance.now() + RUN_WITHIN_MS;
  for (;;) {
    const { state, failure } = await floe.client.getRun(runId);
    if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
    if (state === 'RUN_STATE_SUCCEEDED') return state;
    if (performance.now() > deadline) throw new Error(`run ${runId} is ${state}`);
    await delay(100);
  }
}

async function expectRightRows(): Promise<void> {
  const wrong = await floe.sql(
    'demo',
    `select * from public.cities full join (
       select city, count(*) as n, sum(amount) as amount from public.trips where amount >= 10 group by city
     ) as right_ones using (city, n, amount)
     where (select count(*) from public.cities) <> 7 or cities.city is null or right_ones.city is null`,
  );
  expect(wrong).toEqual([]);
}

const reason = why === undefined ? '' : `, skipped: ${why}`;

test.skipIf(why !== undefined)(
  `partitions are read and followed on two hosts, and gathered through the store${reason}`,
  async () => {
    const hosts = remotes.map(({ executorId }) => executorId).toSorted();
    const [making, following] = [new Set<string>(), new Set<string>()];
    for (let runs = 0; runs < RUNS_MAX && !isEverybody(making, following); runs += 1) {
      const { run } = await floe.client.startRun({ workflowName: 'over_hosts' });
      await endOf(run.runId);
      await expectRightRows();
      const makers = await attemptsOf(run.runId, 'trips');
      expect(makers).toHaveLength(PARTITIONS + 1);
      const followers = await attemptsOf(run.runId, 'large');
      expect(followers).toHaveLength(PARTITIONS);
      for (const { executorId } of makers) making.add(executorId);
      for (const { executorId } of followers) following.add(executorId);
    }
    expect([...making].toSorted()).toEqual(hosts);
    expect([...following].toSorted()).toEqual(hosts);
  },
);

function isEverybody(...groups: readonly ReadonlySet<string>[]): boolean {
  return groups.every(({ size }) => size === remotes.length);
}

test.skipIf(why !== undefined)(
  `a host that dies in the middle costs its partitions, and no row${reason}`,
  async () => {
    const { run } = await floe.client.startRun({ workflowName: 'over_hosts_slowly' });
    const deadline = performance.now() + RUN_WITHIN_MS;
    let running: readonly { readonly number: number; readonly executorId: string }[] = [];
    while (running.length < PARTITIONS + 1 && performance.now() < deadline) {
      const attempts = await attemptsOf(run.runId, 'trips');
      running = attempts.filter(({ state }) => state === 'ATTEMPT_STATE_RUNNING');
      await delay(50);
    }
    const lead = running.find(({ number }) => number === 1)!;
    const other = remotes.find(({ executorId }) => executorId !== lead.executorId)!;
    await other.kill();
    await endOf(run.runId);
    await expectRightRows();
    const lost = (await attemptsOf(run.runId, 'trips')).filter(
      ({ state }) => state === 'ATTEMPT_STATE_LOST',
    );
    expect(lost.length).toBeGreaterThanOrEqual(1);
    expect(new Set(lost.map(({ executorId }) => executorId))).toEqual(new Set([other.executorId]));
  },
);
