import { openTarget } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import { FloeError } from '@floe/errors';
import type { Bench, BenchOptions, Measurement } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { databaseAddress } from '../floe/database-address.ts';
import { CONNECTION } from '../floe/line-items.ts';
import { RunClock } from '../floe/run-clock.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

const ROWS = 400_000;
const NUMBERS = 30;
const TEXTS = 20;
// One row of a hundred is wanted, and three columns of fifty-one.
const GROUPS = 100;
const PAIRS = 9;
const PAIRS_QUICK = 3;
// The first of each is told and not counted: it brings the table into memory and the worker to life.
const WARM_UP_PAIRS = 1;

const document = (name: string, pushDown: boolean) => `
name: ${name}
tasks:
  wide:
    type: postgres_extract
    connection: ${CONNECTION}
    query: select * from public.bench_wide
    push_down: ${pushDown}
  few:
    type: expression_transform
    inputs: [wide]
    polars: wide.filter(pl.col("g") == 7).select("n1", "t1").sort("n1")
`;

const WITH = 'bench-pushdown-with';
const WITHOUT = 'bench-pushdown-without';

/** Seconds for the same result, one after the other. */
type Pair = { readonly pushed: number; readonly whole: number };

/** A run with a selective filter behind a wide extract, beside the same run with push-down switched off. */
export const pushdown: Bench = {
  summary: `a filter behind an extract of ${ROWS.toLocaleString('en')} rows of ${NUMBERS + TEXTS + 1} columns, beside push_down: false`,
  async run(floe, options) {
    options.say(`making ${ROWS.toLocaleString('en')} rows of ${NUMBERS + TEXTS + 1} columns`);
    await makeWide(floe.endpoints);
    await prepareWorkflows(floe);
    return toMeasurement(await measurePairs(floe, options));
  },
};

async function makeWide(endpoints: Endpoints): Promise<void> {
  await using session = await openTarget(await databaseAddress(endpoints), {
    applicationName: 'floe:bench',
    statementTimeoutMs: 0,
  });
  const range = (count: number, of: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => of(index + 1)).join(', ');
  await session.query(`create table public.bench_wide (g integer not null,
    ${range(NUMBERS, (n) => `n${n} bigint not null`)}, ${range(TEXTS, (n) => `t${n} text not null`)})`);
  await session.query(`insert into public.bench_wide
    select i % ${GROUPS}, ${range(NUMBERS, (n) => `i * ${n} % 1000003`)},
           ${range(TEXTS, (n) => `'text ' || (i * ${n} % 9973)`)}
    from generate_series(1::bigint, ${ROWS}) as i`);
  await session.query('vacuum analyze public.bench_wide');
  await session.query('checkpoint');
}

async function prepareWorkflows({ client, endpoints }: BenchFloe): Promise<void> {
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
  await client.applyWorkflow(document(WITH, true));
  await client.applyWorkflow(document(WITHOUT, false));
}

/** In turns, so that a machine that becomes slower becomes slower for both. */
async function measurePairs(floe: BenchFloe, options: BenchOptions): Promise<Pair[]> {
  const { isQuick, say, signal } = options;
  using clock = new RunClock(floe.endpoints, signal);
  const count = isQuick ? PAIRS_QUICK : PAIRS;
  const pairs: Pair[] = [];
  for (let index = 1 - WARM_UP_PAIRS; index <= count; index += 1) {
    signal.throwIfAborted();
    const pair = {
      pushed: await timeRun(floe, clock, WITH),
      whole: await timeRun(floe, clock, WITHOUT),
    };
    const [pushed, whole] = [rounded(pair.pushed), rounded(pair.whole)];
    say(`${index > 0 ? `${index}/${count}` : 'warm-up'}: with ${pushed} s, without ${whole} s`);
    if (index > 0) pairs.push(pair);
  }
  return pairs;
}

/** Checks that both give the same rows, and that only one of them extracted them all. */
async function timeRun(floe: BenchFloe, clock: RunClock, name: string): Promise<number> {
  const { runId, wallMs } = await clock.time(name);
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  const rows = taskRuns.map((task) => Number(task.dataset?.rows));
  const wanted = ROWS / GROUPS;
  const expected = [name === WITH ? wanted : ROWS, wanted];
  if (rows.join() === expected.join()) return wallMs / 1_000;
  throw new FloeError(
    'INTERNAL',
    `the tasks gave ${rows.join(', ')} rows, not ${expected.join(', ')}`,
  );
}

function toMeasurement(pairs: readonly Pair[]): Measurement {
  const { median: middle, min, max } = spreadOf(pairs.map(({ pushed }) => pushed));
  const whole = spreadOf(pairs.map((pair) => pair.whole));
  return {
    figures: {
      wall_s: rounded(middle),
      min_s: rounded(min),
      max_s: rounded(max),
      rows: ROWS,
      columns: NUMBERS + TEXTS + 1,
      repetitions: pairs.length,
    },
    peers: {
      without: {
        wall_s: rounded(whole.median),
        min_s: rounded(whole.min),
        max_s: rounded(whole.max),
      },
    },
    ratios: { without: rounded(median(pairs.map((pair) => pair.pushed / pair.whole))) },
  };
}
