import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readDatasetFacts } from '@floe/frame';
import { runStage, type StagedTask } from '@floe/tasks/run';
import { QUERIES } from '@floe/tpch';
import type { Bench, BenchOptions, Measurement } from '../bench.ts';
import { makeTables, runTpch } from '../floe/tpch-workflow.ts';
import { findPythonPolars, type PythonPolars } from '../peers/python-polars.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

/** 600,000 line items: seconds for a round, and far more than the start of a query costs. */
const SCALE = 0.1;
// Before each round that counts, of Python too: they bring files and fresh pages into memory, which the machine has given to
// others while the peer ran, and let JavaScript compile what a warm worker has compiled.
const WARM_UP_ROUNDS = 3;
const PAIRS = 5;
const PAIRS_QUICK = 2;

type Tables = Readonly<Record<string, string>>;
type Pair = { readonly floe: number; readonly python: number | undefined };

/** The queries as a workflow, for what is right; and as Floe's engine runs them, beside Python, for how fast. */
export const tpch: Bench = {
  summary: 'the 22 queries of TPC-H, beside py-polars on the same files',
  async run(floe, options) {
    options.say(`making the tables at scale ${SCALE}`);
    await makeTables(floe, SCALE);
    options.say('running the workflow');
    const { tables, passed } = await runTpch(floe, options.signal);
    options.say(`${passed} of ${QUERIES.length} queries agree with SQL`);
    const python = await findPythonPolars(floe.stateDir);
    const pairs = await measurePairs(tables, { ...options, python, folder: floe.stateDir });
    return toMeasurement(pairs, passed, python);
  },
};

type PairOptions = BenchOptions & {
  readonly python: PythonPolars | undefined;
  readonly folder: string;
};

/** In turns, so that a machine that becomes slower becomes slower for both. */
async function measurePairs(tables: Tables, options: PairOptions): Promise<Pair[]> {
  const { isQuick, python, say, signal, folder } = options;
  const count = isQuick ? PAIRS_QUICK : PAIRS;
  const queries = QUERIES.map(({ polars }) => polars);
  const tasks = await tasksOver(tables);
  const pairs: Pair[] = [];
  for (let index = 1; index <= count; index += 1) {
    signal.throwIfAborted();
    const pair = {
      floe: await timeWarmFloe(tasks, folder),
      python: await python?.timeAll({ tables, queries, output: join(folder, 'tpch-python.ipc') }),
    };
    const other = pair.python === undefined ? '' : `, Python ${rounded(pair.python)} s`;
    say(`${index}/${count}: Floe ${rounded(pair.floe)} s${other}`);
    pairs.push(pair);
  }
  return pairs;
}

async function tasksOver(tables: Tables): Promise<StagedTask[]> {
  const inputs = await Promise.all(
    Object.entries(tables).map(async ([taskId, path]) => ({
      taskId,
      dataset: { uri: pathToFileURL(path).href, ...(await readDatasetFacts(path)) },
    })),
  );
  return QUERIES.map(({ number, polars }) => ({
    taskId: `query_${number}`,
    config: { polars },
    inputs,
  }));
}

const untraced: Parameters<typeof runStage>[1]['span'] = (_name, _attributes, body) =>
  body(undefined, () => {});

async function timeWarmFloe(tasks: readonly StagedTask[], folder: string): Promise<number> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await timeFloe(tasks, folder);
  return timeFloe(tasks, folder);
}

/** As a warm worker does it: from the task to the dataset that it writes, for all queries one after the other. */
async function timeFloe(tasks: readonly StagedTask[], folder: string): Promise<number> {
  const outputPath = join(folder, 'tpch-result.ipc');
  const startedAt = performance.now();
  for (const task of tasks) {
    await runStage([task], { params: {}, attempt: 1, outputPath, span: untraced });
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await rm(outputPath, { force: true });
  return seconds;
}

function toMeasurement(
  pairs: readonly Pair[],
  passed: number,
  python: PythonPolars | undefined,
): Measurement {
  const { median: middle, min, max } = spreadOf(pairs.map(({ floe }) => floe));
  const figures = {
    passed,
    wall_s: rounded(middle),
    min_s: rounded(min),
    max_s: rounded(max),
    scale: SCALE,
    repetitions: pairs.length,
  };
  if (python === undefined) {
    const skipped = 'the python3 in PATH has no polars';
    return { figures, peers: { python_polars: { skipped } }, ratios: {} };
  }
  const both = pairs.flatMap(({ floe, python: other }) =>
    other === undefined ? [] : [[floe, other] as const],
  );
  const spread = spreadOf(both.map(([, other]) => other));
  const peer = {
    wall_s: rounded(spread.median),
    min_s: rounded(spread.min),
    max_s: rounded(spread.max),
  };
  const ratio = rounded(median(both.map(([floe, other]) => floe / other)));
  return { figures, peers: { python_polars: peer }, ratios: { python_polars: ratio } };
}
