import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import type { Bench, BenchOptions, Figures, Measurement } from '../bench.ts';
import { readAttemptTimes } from '../floe/attempt-times.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { createPeerDatabase } from '../floe/control-database.ts';
import { graphileWorker, type JobPeer } from '../peers/graphile-worker.ts';
import { pgBoss } from '../peers/pg-boss.ts';
import { besidePrefect, startPrefect } from '../peers/prefect.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

const TASKS = 10_000;
const ROUNDS = 5;
const ROUNDS_QUICK = 2;
// The first of each is told and not counted: V8 compiles, PostgreSQL plans, tables grow.
const WARM_UP_ROUNDS = 1;
// Prefect would take two minutes for ten thousand.
const PREFECT_TASKS = 500;
const PREFECT_TASKS_QUICK = 100;
// Looking costs PostgreSQL a count of all tasks, so it is not done more often.
const LOOK_MS = 100;
const END_WITHIN_MS = 120_000;

const DOCUMENT = [
  'name: bench-engine',
  'tasks:',
  ...Array.from({ length: TASKS }, (_, index) => `  t${index + 1}: { type: noop }`),
  '',
].join('\n');

/** Milliseconds for the same number of jobs that do nothing, one program after the other. */
type Round = { readonly floe: number; readonly graphileWorker: number; readonly pgBoss: number };

/** A run of ten thousand tasks that do nothing and wait for nothing, beside job queues with as many jobs. */
export const engine: Bench = {
  summary: `a run of ${TASKS.toLocaleString('en')} no-op tasks at once, beside job queues`,
  async run(floe, options) {
    await floe.client.applyWorkflow(DOCUMENT);
    const peers = {
      graphileWorker: graphileWorker(await createPeerDatabase(floe.endpoints, 'graphile_worker')),
      pgBoss: pgBoss(await createPeerDatabase(floe.endpoints, 'pg_boss')),
    };
    const { rounds, runId } = await measureRounds(floe, peers, options);
    const measurement = toMeasurement(rounds, await readAttemptTimes(floe.endpoints, [runId]));
    const besides = await measurePrefect(options, measurement.figures['tasks_per_second']!);
    return {
      figures: measurement.figures,
      peers: { ...measurement.peers, ...besides.peers },
      ratios: { ...measurement.ratios, ...besides.ratios },
    };
  },
};

/** Per task: a flow of fewer tasks, after all else, since its server works on for a while. */
async function measurePrefect({ isQuick }: BenchOptions, floeTasksPerSecond: number) {
  const tasks = isQuick ? PREFECT_TASKS_QUICK : PREFECT_TASKS;
  await using prefect = await startPrefect();
  const wallMs = prefect.skipped === undefined ? await prefect.timeFlow('fan_out', tasks) : NaN;
  return besidePrefect(prefect, () => {
    const tasksPerSecond = (tasks / wallMs) * 1_000;
    return {
      figures: { tasks, tasks_per_second: rounded(tasksPerSecond) },
      ratio: tasksPerSecond / floeTasksPerSecond,
    };
  });
}

type Peers = { readonly graphileWorker: JobPeer; readonly pgBoss: JobPeer };

/** In turns, so that a machine that becomes slower becomes slower for all. */
async function measureRounds(
  floe: BenchFloe,
  peers: Peers,
  { isQuick, say, signal }: BenchOptions,
): Promise<{ readonly rounds: readonly Round[]; readonly runId: string }> {
  const count = isQuick ? ROUNDS_QUICK : ROUNDS;
  const rounds: Round[] = [];
  let runId = '';
  for (let index = 1 - WARM_UP_ROUNDS; index <= count; index += 1) {
    signal.throwIfAborted();
    const run = await timeRun(floe, signal);
    ({ runId } = run);
    const round = {
      floe: run.wallMs,
      graphileWorker: await peers.graphileWorker.timeJobs(TASKS),
      pgBoss: await peers.pgBoss.timeJobs(TASKS),
    };
    const told = Object.entries(round).map(([name, ms]) => `${name} ${rounded(ms)} ms`);
    say(`${index > 0 ? `${index}/${count}` : 'warm-up'}: ${told.join(', ')}`);
    if (index > 0) rounds.push(round);
  }
  return { rounds, runId };
}

/** From sending StartRun to the end that Floe recorded. */
async function timeRun(
  { client }: BenchFloe,
  signal: AbortSignal,
): Promise<{ readonly runId: string; readonly wallMs: number }> {
  const begunAt = Date.now();
  const { run } = await client.startRun({ workflowName: 'bench-engine' });
  const runId = run.runId;
  const deadline = begunAt + END_WITHIN_MS;
  while (Date.now() < deadline) {
    await delay(LOOK_MS, undefined, { signal });
    const { state, endTime } = await client.getRun(runId);
    if (endTime === undefined) continue;
    if (state !== 'RUN_STATE_SUCCEEDED') break;
    return { runId, wallMs: Date.parse(endTime) - begunAt };
  }
  throw new FloeError('INTERNAL', `run ${runId} did not succeed within ${END_WITHIN_MS} ms`);
}

function toMeasurement(rounds: readonly Round[], times: Figures): Measurement {
  const { median: middle, min, max } = spreadOf(rounds.map(({ floe }) => floe));
  const secondsOf = (peer: 'graphileWorker' | 'pgBoss') => ({
    wall_s: rounded(median(rounds.map((round) => round[peer])) / 1_000),
  });
  const ratioTo = (peer: 'graphileWorker' | 'pgBoss') =>
    rounded(median(rounds.map((round) => round.floe / round[peer])));
  return {
    figures: {
      tasks_per_second: rounded((TASKS / middle) * 1_000),
      wall_s: rounded(middle / 1_000),
      min_s: rounded(min / 1_000),
      max_s: rounded(max / 1_000),
      tasks: TASKS,
      rounds: rounds.length,
      ...times,
    },
    peers: { graphile_worker: secondsOf('graphileWorker'), pg_boss: secondsOf('pgBoss') },
    ratios: { graphile_worker: ratioTo('graphileWorker'), pg_boss: ratioTo('pgBoss') },
  };
}
