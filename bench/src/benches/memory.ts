import type { Bench } from '../bench.ts';
import {
  CONNECTION,
  TABLE,
  makeEmptyTable,
  makeLineItems,
  openBenchDatabase,
} from '../floe/line-items.ts';
import { RunClock } from '../floe/run-clock.ts';
import { type TimedTask, taskOf, timeTasks } from '../floe/timed-tasks.ts';
import { rounded } from '../statistics.ts';

const ROWS = 20_000_000;
const ROWS_QUICK = 2_000_000;
const MIB = 2 ** 20;
const LOADED = 'public.bench_loaded';
const SUMMARY = 'public.bench_summary';

/** Every task may use one GiB: one that needs more fails, and with it the bench. */
const WORKFLOW = `
name: bench-memory
defaults: { timeout: 30m }
tasks:
  idle: { type: postgres_extract, connection: ${CONNECTION}, query: select 1 as one, memory: 1GiB }
  items:
    { type: postgres_extract, needs: [idle], connection: ${CONNECTION}, query: select * from ${TABLE}, memory: 1GiB }
  late:
    type: expression_transform
    inputs: [items]
    memory: 1GiB
    polars: items.filter(pl.col("is_open")).with_columns((pl.col("price") * 2).alias("score"))
  totals:
    type: expression_transform
    inputs: [items]
    memory: 1GiB
    polars: |
      items.group_by("flag", "status").agg(pl.len().alias("items"), pl.col("score").sum().alias("total"))
  orders:
    type: postgres_extract
    needs: [idle]
    connection: ${CONNECTION}
    query: select order_id, count(*) as size from ${TABLE} group by order_id
    memory: 1GiB
  joined:
    type: expression_transform
    inputs: [items, orders]
    memory: 1GiB
    polars: items.join(orders, on="order_id").select("id", "size", "price")
  store:
    { type: postgres_load, inputs: [items], connection: ${CONNECTION}, table: ${LOADED}, mode: append, memory: 1GiB }
  store_totals:
    type: postgres_load
    inputs: [totals]
    connection: ${CONNECTION}
    table: ${SUMMARY}
    mode: truncate
    create: true
    memory: 1GiB
`;

/** The highest memory of workers that move a table many times as large. */
export const memory: Bench = {
  summary: `memory of workers that extract, transform and load ${ROWS.toLocaleString('en')} rows`,
  rows: ROWS,
  async run(floe, options) {
    const rows = options.rows ?? (options.isQuick ? ROWS_QUICK : ROWS);
    options.say(`making ${rows.toLocaleString('en')} rows`);
    await makeLineItems(floe, rows);
    await using session = await openBenchDatabase(floe.endpoints);
    await makeEmptyTable(session, LOADED);
    await floe.client.applyWorkflow(WORKFLOW);
    using clock = new RunClock(floe.endpoints, options.signal);
    options.say('extracting, transforming and loading them');
    const tasks = await timeTasks(floe, clock, 'bench-memory');
    const idle = taskOf(tasks, 'idle', 1);
    const overIdle = ({ peakMemoryBytes }: TimedTask) =>
      rounded((peakMemoryBytes - idle.peakMemoryBytes) / MIB);
    const figures = {
      extract_mib: overIdle(taskOf(tasks, 'items', rows)),
      load_mib: overIdle(taskOf(tasks, 'store', rows)),
      filter_mib: overIdle(taskOf(tasks, 'late', rows / 2)),
      aggregate_mib: overIdle(tasks.get('totals')!),
      join_mib: overIdle(taskOf(tasks, 'joined', rows)),
      idle_mib: rounded(idle.peakMemoryBytes / MIB),
      rows,
    };
    return { figures, peers: {}, ratios: {} };
  },
};
