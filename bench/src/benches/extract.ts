import type { Bench } from '../bench.ts';
import { databaseAddress } from '../floe/database-address.ts';
import {
  CONNECTION,
  TABLE,
  halvesOf,
  makeLineItems,
  openBenchDatabase,
} from '../floe/line-items.ts';
import { RunClock } from '../floe/run-clock.ts';
import { taskOf, timeTasks } from '../floe/timed-tasks.ts';
import { type Contest, comparePairs, measureContests, secondsOf } from '../peers/compare-pairs.ts';
import { NO_PSQL, findPsql } from '../peers/psql.ts';
import { repetitionsOf } from '../repetitions.ts';
import { rounded, spreadOf } from '../statistics.ts';

const ROWS = 2_000_000;
const PAIRS = 7;
const PAIRS_QUICK = 3;

const workflow = (parallel: number): string => `
name: bench-extract-${parallel}
tasks:
  items: { type: postgres_extract, connection: ${CONNECTION}, query: select * from ${TABLE}, parallel: ${parallel} }
`;

/** The task of an extract, on one and on two connections, beside as many of psql that drop the same rows. */
export const extract: Bench = {
  summary: `extracting ${ROWS.toLocaleString('en')} rows of 15 columns, beside psql`,
  rows: ROWS,
  async run(floe, options) {
    const rows = options.rows ?? ROWS;
    options.say(`making ${rows.toLocaleString('en')} rows`);
    await makeLineItems(floe, rows);
    for (const parallel of [1, 2]) await floe.client.applyWorkflow(workflow(parallel));
    const psql = await findPsql(await databaseAddress(floe.endpoints), floe.stateDir);
    await using session = await openBenchDatabase(floe.endpoints);
    const halves = await halvesOf(session);
    using clock = new RunClock(floe.endpoints, options.signal);
    const contest = (parallel: number, queries: readonly string[]): Contest => ({
      peer: `psql_${parallel}`,
      floe: async () => {
        const tasks = await timeTasks(floe, clock, `bench-extract-${parallel}`);
        return taskOf(tasks, 'items', rows).seconds;
      },
      other: psql && (() => psql.timeCopyOut(queries)),
      skipped: NO_PSQL,
    });
    const contests = [
      contest(1, [`select * from ${TABLE}`]),
      contest(
        2,
        halves.map((half) => `select * from ${TABLE} where ${half}`),
      ),
    ];
    const repetitions = repetitionsOf(rows, options, { times: PAIRS, quick: PAIRS_QUICK });
    const measured = await measureContests(contests, { ...options, ...repetitions });
    const seconds = (peer: string) => measured.get(peer)!.map((pair) => pair.floe);
    const figures = {
      ...secondsOf('', seconds('psql_1')),
      ...secondsOf('parallel_2_', seconds('psql_2')),
      rows_per_second: rounded(rows / spreadOf(seconds('psql_1')).median),
      rows,
      repetitions: repetitions.times,
    };
    return { figures, ...comparePairs(contests, measured) };
  },
};
