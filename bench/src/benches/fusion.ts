import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunUpdate } from '@floe/client';
import { FloeError } from '@floe/errors';
import { openTarget } from '@floe/database';
import type { Bench, BenchOptions, Measurement } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { databaseAddress } from '../floe/database-address.ts';
import { CONNECTION } from '../floe/line-items.ts';
import { RunClock } from '../floe/run-clock.ts';
import { timeByHand } from '../peers/hand-query.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

const ROWS = 8_000_000;
const REGIONS = 1_000;
const PAIRS = 7;
const PAIRS_QUICK = 3;
// The first is told and not counted: it brings the files into memory and the workers to life.
const WARM_UP_PAIRS = 1;
const STORED_ROUNDS = 2;

/** What each of the ten tasks does with the rows of the one before, as a person would write it in one text. */
const STEPS = [
  '.filter(pl.col("quantity") > 0)',
  '.with_columns(revenue=pl.col("price") * pl.col("quantity"))',
  '.with_columns(tax=pl.col("revenue") * 0.2)',
  '.filter(pl.col("revenue") > 100)',
  '.join(regions, on="origin", how="left")',
  '.with_columns(week=(pl.col("day") / 7).floor())',
  '.filter(pl.col("region") != 3)',
  '.group_by("region", "product", "week").agg(pl.col("revenue").sum(), pl.col("tax").sum(), pl.col("quantity").mean())',
  '.with_columns(share=pl.col("revenue") / (pl.col("tax") + 1))',
  '.sort("region", "product", "week")',
];

const NAME = 'bench-fusion';
const STORED = 'bench-fusion-stored';

const document = (name: string, materialize: boolean) => `
name: ${name}
defaults: { materialize: ${materialize} }
tasks:
  sales: { type: postgres_extract, connection: ${CONNECTION}, query: select * from public.bench_sales, push_down: false }
  regions: { type: postgres_extract, connection: ${CONNECTION}, query: select * from public.bench_region }
${STEPS.map((step, at) => {
  const before = at === 0 ? 'sales' : `t${at - 1}`;
  const inputs = step.includes('regions') ? `${before}, regions` : before;
  return `  t${at}: { type: expression_transform, inputs: [${inputs}], polars: '${before}${step}' }`;
}).join('\n')}
`;

/** Seconds for the same rows. */
type Pair = { readonly floe: number; readonly handwritten: number };

type Times = { readonly pairs: readonly Pair[]; readonly stored: readonly number[] };

/** Ten transforms as tasks of a workflow, beside the same ten operations in one text that one query executes. */
export const fusion: Bench = {
  summary: `ten transforms of ${ROWS.toLocaleString('en')} rows as ten tasks, beside one query written by hand`,
  async run(floe, options) {
    options.say(`making ${ROWS.toLocaleString('en')} rows`);
    await makeTables(floe);
    options.say('extracting them');
    const runs = await extractOnce(floe, options);
    const pairs = await measurePairs(floe, runs, options);
    // Last, because what they write keeps the machine busy for a while.
    const stored = await measureStored(floe, runs, options);
    return toMeasurement({ pairs, stored });
  },
};

async function makeTables({ endpoints, client }: BenchFloe): Promise<void> {
  const address = await databaseAddress(endpoints);
  await using session = await openTarget(address, {
    applicationName: 'floe:bench',
    statementTimeoutMs: 0,
  });
  await session.query(`create table public.bench_sales as
    select i * 7919 % ${REGIONS} as origin, i * 104729 % 5000 as product, i * 31 % 365 as day,
           (i * 17 % 10007)::float8 as price, i * 13 % 11 as quantity
    from generate_series(1::bigint, ${ROWS}) as i`);
  await session.query(`create table public.bench_region as
    select i as origin, i % 20 as region from generate_series(0::bigint, ${REGIONS - 1}) as i`);
  const { host, port, user, passwordFile, demoDatabase } = endpoints.postgres;
  await client.setConnection({
    name: CONNECTION,
    host,
    port,
    database: demoDatabase,
    username: user,
    secretReference: `file:${passwordFile}`,
    sslMode: 'SSL_MODE_DISABLE',
  });
  await client.applyWorkflow(document(NAME, false));
  await client.applyWorkflow(document(STORED, true));
}

type Extracted = {
  /** A run of each workflow, from which the transforms are run again. */
  readonly fused: string;
  readonly stored: string;
  readonly inputs: Readonly<Record<string, string>>;
};

async function extractOnce(floe: BenchFloe, { signal }: BenchOptions): Promise<Extracted> {
  using clock = new RunClock(floe.endpoints, signal);
  const [fused, stored] = [await clock.time(NAME), await clock.time(STORED)];
  const { taskRuns } = await floe.client.listTaskRuns(fused.runId);
  const pathOf = (taskId: string) => {
    const uri = taskRuns.find((task) => task.taskId === taskId)?.dataset?.uri;
    return fileURLToPath(uri ?? '');
  };
  const inputs = { sales: pathOf('sales'), regions: pathOf('regions') };
  return { fused: fused.runId, stored: stored.runId, inputs };
}

/** In turns, and each first as often as the other, so that a machine that becomes slower becomes slower for both. */
async function measurePairs(
  floe: BenchFloe,
  { fused, inputs }: Extracted,
  options: BenchOptions,
): Promise<Pair[]> {
  const { isQuick, say, signal } = options;
  const count = isQuick ? PAIRS_QUICK : PAIRS;
  const pairs: Pair[] = [];
  for (let index = 1 - WARM_UP_PAIRS; index <= count; index += 1) {
    signal.throwIfAborted();
    const isFirst = index % 2 === 0;
    const before = isFirst ? await timeTasks(floe, fused, 1) : undefined;
    const handwritten = await runByHand(inputs, floe.stateDir);
    const pair = { floe: before ?? (await timeTasks(floe, fused, 1)), handwritten };
    const shown = `Floe ${rounded(pair.floe)} s, by hand ${rounded(handwritten)} s`;
    say(`${index > 0 ? `${index}/${count}` : 'warm-up'}: ${shown}`);
    if (index > 0) pairs.push(pair);
  }
  return pairs;
}

/** The same tasks with each result stored. */
async function measureStored(
  floe: BenchFloe,
  { stored }: Extracted,
  { say, signal }: BenchOptions,
): Promise<number[]> {
  const times: number[] = [];
  for (let index = 1; index <= STORED_ROUNDS; index += 1) {
    signal.throwIfAborted();
    times.push(await timeTasks(floe, stored, STEPS.length));
    say(`with each result stored: ${rounded(times.at(-1)!)} s`);
  }
  return times;
}

/** From the start of the first transform on an executor to the accepted outcome of the last, by Floe's own record. */
async function timeTasks(floe: BenchFloe, runId: string, stored: number): Promise<number> {
  const again = await floe.client.retryRun(runId, { fromTaskId: 't0' });
  const isEnd = (update: RunUpdate) =>
    update.kind === 'event' && /^run\.(succeeded|failed)$/.test(update.event.type);
  for await (const update of floe.client.watchRun(again.runId)) if (isEnd(update)) break;
  const { taskRuns } = await floe.client.listTaskRuns(again.runId);
  const transforms = taskRuns.filter(({ taskId }) => /^t\d$/.test(taskId));
  const datasets = transforms.filter(({ dataset }) => dataset !== undefined);
  if (datasets.length !== stored) {
    const counts = `${datasets.length} of the transforms stored their rows, not ${stored}`;
    throw new FloeError('INTERNAL', counts);
  }
  const [first, last] = [transforms[0]!, transforms.at(-1)!];
  return (Date.parse(last.endTime!) - Date.parse(first.startTime!)) / 1_000;
}

/** From the text to the dataset that a task writes, as a worker's engine executes it. */
async function runByHand(
  inputs: Readonly<Record<string, string>>,
  folder: string,
): Promise<number> {
  const output = join(folder, 'fusion-by-hand.ipc');
  const seconds = await timeByHand({ text: `sales${STEPS.join('')}`, inputs, output });
  await rm(output, { force: true });
  return seconds;
}

function toMeasurement({ pairs, stored }: Times): Measurement {
  const figuresOf = (seconds: readonly number[]) => {
    const { median: middle, min, max } = spreadOf(seconds);
    return { wall_s: rounded(middle), min_s: rounded(min), max_s: rounded(max) };
  };
  const floe = pairs.map((pair) => pair.floe);
  return {
    figures: { ...figuresOf(floe), rows: ROWS, repetitions: pairs.length },
    peers: {
      handwritten: figuresOf(pairs.map(({ handwritten }) => handwritten)),
      stored: figuresOf(stored),
    },
    ratios: {
      handwritten: rounded(median(pairs.map((pair) => pair.floe / pair.handwritten))),
      stored: rounded(median(floe) / median(stored)),
    },
  };
}
