import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { databaseAddress } from '../floe/database-address.ts';
import {
  CONNECTION,
  TABLE,
  halvesOf,
  makeEmptyTable,
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
const PAIRS = 5;
const PAIRS_QUICK = 3;
const TARGET = 'public.bench_loaded';

const WORKFLOW = `
name: bench-load
tasks:
  items: { type: postgres_extract, connection: ${CONNECTION}, query: select * from ${TABLE} }
  store: { type: postgres_load, inputs: [items], connection: ${CONNECTION}, table: ${TARGET}, mode: append }
`;

/** The task of a load into an empty table, beside psql that copies the same rows from files in the binary format. */
export const load: Bench = {
  summary: `loading ${ROWS.toLocaleString('en')} rows of 15 columns, beside psql`,
  rows: ROWS,
  async run(floe, options) {
    const rows = options.rows ?? ROWS;
    options.say(`making ${rows.toLocaleString('en')} rows`);
    await makeLineItems(floe, rows);
    const psql = await findPsql(await databaseAddress(floe.endpoints), floe.stateDir);
    await using session = await openBenchDatabase(floe.endpoints);
    const fresh = async (): Promise<void> => {
      await makeEmptyTable(session, TARGET);
      await session.query('checkpoint');
    };
    await fresh();
    await floe.client.applyWorkflow(WORKFLOW);
    const files = ['all', 'first', 'second'].map((name) => join(floe.stateDir, `${name}.copy`));
    const conditions = ['true', ...(await halvesOf(session))];
    for (const [index, file] of files.entries())
      await psql?.writeCopy(`select * from ${TABLE} where ${conditions[index]}`, file);
    using clock = new RunClock(floe.endpoints, options.signal);
    const contest = (peer: string, sources: readonly string[]): Contest => ({
      peer,
      floe: async () => {
        await fresh();
        return taskOf(await timeTasks(floe, clock, 'bench-load'), 'store', rows).seconds;
      },
      other:
        psql &&
        (async () => {
          await fresh();
          return psql.timeCopyIn(TARGET, sources);
        }),
      skipped: NO_PSQL,
    });
    const contests = [contest('psql_1', files.slice(0, 1)), contest('psql_2', files.slice(1))];
    const repetitions = repetitionsOf(rows, options, { times: PAIRS, quick: PAIRS_QUICK });
    const measured = await measureContests(contests, { ...options, ...repetitions });
    for (const file of files) await rm(file, { force: true });
    const seconds = [...measured.values()].flat().map((pair) => pair.floe);
    const rowsPerSecond = rounded(rows / spreadOf(seconds).median);
    const figures = {
      ...secondsOf('', seconds),
      rows_per_second: rowsPerSecond,
      rows,
      repetitions: repetitions.times,
    };
    return { figures, ...comparePairs(contests, measured) };
  },
};
