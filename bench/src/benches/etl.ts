import type { Bench } from '../bench.ts';
import { databaseAddress } from '../floe/database-address.ts';
import { CONNECTION, TABLE, makeLineItems, openBenchDatabase } from '../floe/line-items.ts';
import { RunClock } from '../floe/run-clock.ts';
import { type Contest, comparePairs, measureContests, secondsOf } from '../peers/compare-pairs.ts';
import { repetitionsOf } from '../repetitions.ts';
import { type PythonScript, findPython } from '../peers/python.ts';

const ROWS = 2_000_000;
const TURNS = 3;
const TURNS_QUICK = 1;
const DETAIL = 'public.bench_detail';
const SUMMARY = 'public.bench_summary';

/** Two loads of one extract: the rows that a filter keeps, with two more columns, and their sums by group. */
const WORKFLOW = `
name: bench-etl
tasks:
  items: { type: postgres_extract, connection: ${CONNECTION}, query: select * from ${TABLE} }
  late:
    type: expression_transform
    inputs: [items]
    polars: |
      items.filter((pl.col("quantity") > 25) & (pl.col("discount") < 0.05)).with_columns(
          (pl.col("quantity").cast(pl.Float64) * pl.col("price").cast(pl.Float64)).alias("revenue"),
          pl.col("shipped").dt.year().alias("year"),
      ).select("id", "order_id", "status", "shipped", "updated_at", "year", "revenue", "comment")
  totals:
    type: expression_transform
    inputs: [late]
    polars: |
      late.group_by("year", "status").agg(pl.len().alias("items"), pl.col("revenue").sum().alias("revenue"))
  store: { type: postgres_load, inputs: [late], connection: ${CONNECTION}, table: ${DETAIL}, mode: truncate, create: true }
  store_totals:
    { type: postgres_load, inputs: [totals], connection: ${CONNECTION}, table: ${SUMMARY}, mode: truncate, create: true }
`;

/** A whole run, from the source to both tables, beside the same by hand in Python. */
export const etl: Bench = {
  summary: `extract, transform and load of ${ROWS.toLocaleString('en')} rows, beside pandas and Python Polars`,
  rows: ROWS,
  async run(floe, options) {
    const rows = options.rows ?? ROWS;
    options.say(`making ${rows.toLocaleString('en')} rows`);
    await makeLineItems(floe, rows);
    await floe.client.applyWorkflow(WORKFLOW);
    await using session = await openBenchDatabase(floe.endpoints);
    // What the one before has left is written before the next one is timed.
    const drop = async () => {
      await session.query(`drop table if exists ${DETAIL}, ${SUMMARY}`);
      await session.query('checkpoint');
    };
    const address = await databaseAddress(floe.endpoints);
    using clock = new RunClock(floe.endpoints, options.signal);
    const contest = async (peer: string, script: PythonScript): Promise<Contest> => {
      const python = await findPython(script, rows);
      const { skipped } = python;
      return {
        peer,
        floe: async () => {
          await drop();
          return (await clock.time('bench-etl')).wallMs / 1_000;
        },
        other:
          skipped === undefined
            ? async () => {
                await drop();
                return python.time(address, { source: TABLE, detail: DETAIL, summary: SUMMARY });
              }
            : undefined,
        skipped: skipped ?? '',
      };
    };
    const contests = [
      await contest('pandas', 'etl_pandas.py'),
      await contest('python_polars', 'etl_polars.py'),
    ];
    const repetitions = repetitionsOf(rows, options, { times: TURNS, quick: TURNS_QUICK });
    const measured = await measureContests(contests, { ...options, ...repetitions });
    const seconds = [...measured.values()].flat().map((pair) => pair.floe);
    const figures = { ...secondsOf('', seconds), rows, repetitions: repetitions.times };
    return { figures, ...comparePairs(contests, measured) };
  },
};
