import { rm } from 'node:fs/promises';
import type { TaskRun } from '@floe/client';
import { FloeError } from '@floe/errors';
import type { Bench, BenchOptions, Measurement } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { databaseAddress } from '../floe/database-address.ts';
import { CONNECTION, FLIGHTS_QUERY, makeFlights } from '../floe/flights.ts';
import { RunClock } from '../floe/run-clock.ts';
import { findPsql, type Psql } from '../peers/psql.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

const ROWS = 3_000_000;
const PAIRS = 7;
const PAIRS_QUICK = 3;
// The first of each is told and not counted: it brings the table into memory and the worker to life.
const WARM_UP_PAIRS = 1;

const DOCUMENT = `
name: bench-extract
tasks:
  flights:
    type: postgres_extract
    connection: ${CONNECTION}
    query: ${FLIGHTS_QUERY}
`;

/** Seconds for the same rows, one after the other. */
type Pair = { readonly floe: number; readonly psql: number | undefined };

/** A run that extracts three million rows, beside psql that reads the same rows and drops them. */
export const extract: Bench = {
  summary: `a run that extracts ${ROWS.toLocaleString('en')} rows, beside psql`,
  async run(floe, options) {
    options.say(`making ${ROWS.toLocaleString('en')} rows`);
    await makeFlights(floe.endpoints, ROWS);
    await prepareWorkflow(floe);
    const psql = await findPsql(await databaseAddress(floe.endpoints), floe.stateDir);
    return toMeasurement(await measurePairs(floe, { ...options, psql }));
  },
};

async function prepareWorkflow({ client, endpoints }: BenchFloe): Promise<void> {
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
  await client.applyWorkflow(DOCUMENT);
}

/** In turns, so that a machine that becomes slower becomes slower for both. */
async function measurePairs(
  floe: BenchFloe,
  options: BenchOptions & { readonly psql: Psql | undefined },
): Promise<Pair[]> {
  const { isQuick, psql, say, signal } = options;
  using clock = new RunClock(floe.endpoints, signal);
  const count = isQuick ? PAIRS_QUICK : PAIRS;
  const pairs: Pair[] = [];
  for (let index = 1 - WARM_UP_PAIRS; index <= count; index += 1) {
    signal.throwIfAborted();
    const pair = {
      floe: await timeExtract(floe, clock),
      psql: await psql?.timeCopy(FLIGHTS_QUERY),
    };
    const other = pair.psql === undefined ? '' : `, psql ${rounded(pair.psql)} s`;
    say(`${index > 0 ? `${index}/${count}` : 'warm-up'}: Floe ${rounded(pair.floe)} s${other}`);
    if (index > 0) pairs.push(pair);
  }
  return pairs;
}

async function timeExtract(floe: BenchFloe, clock: RunClock): Promise<number> {
  const { runId, wallMs } = await clock.time('bench-extract');
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  await dropDataset(taskRuns[0]);
  return wallMs / 1_000;
}

/** Checks that the measured work was done, and makes room for the next. */
async function dropDataset(task: TaskRun | undefined): Promise<void> {
  const dataset = task?.dataset;
  if (dataset === undefined || dataset.rows !== String(ROWS)) {
    const rows = dataset?.rows ?? 'no';
    throw new FloeError('INTERNAL', `the extract gave ${rows} rows instead of ${ROWS}`);
  }
  await rm(new URL(dataset.uri));
}

function toMeasurement(pairs: readonly Pair[]): Measurement {
  const { median: middle, min, max } = spreadOf(pairs.map(({ floe }) => floe));
  const figures = {
    wall_s: rounded(middle),
    min_s: rounded(min),
    max_s: rounded(max),
    rows_per_second: rounded(ROWS / middle),
    rows: ROWS,
    repetitions: pairs.length,
  };
  return { figures, ...compareWithPsql(pairs) };
}

function compareWithPsql(pairs: readonly Pair[]): Pick<Measurement, 'peers' | 'ratios'> {
  const measured = pairs.flatMap(({ floe, psql }) => (psql === undefined ? [] : [{ floe, psql }]));
  if (measured.length === 0) {
    return { peers: { psql_1: { skipped: 'no psql in PATH' } }, ratios: {} };
  }
  const { median: middle, min, max } = spreadOf(measured.map(({ psql }) => psql));
  const psql = { wall_s: rounded(middle), min_s: rounded(min), max_s: rounded(max) };
  const ratio = median(measured.map((pair) => pair.floe / pair.psql));
  return { peers: { psql_1: psql }, ratios: { psql_1: rounded(ratio) } };
}
