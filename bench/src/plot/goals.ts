import type { BenchResult } from '../report/result.ts';
import type { Results } from './read-results.ts';

/** A number to reach, and which figure of which result has to reach it. */
export type Goal = {
  readonly label: string;
  /** The name of the result's file, without its ending. */
  readonly result: string;
  readonly value: (result: BenchResult) => number | undefined;
  readonly goal: number;
  /** Small numbers are good ones, or large ones. */
  readonly wants: 'at most' | 'at least';
  readonly unit: string;
};

const figure =
  (name: string) =>
  ({ figures }: BenchResult): number | undefined =>
    figures[name];
const ratio =
  (name: string) =>
  ({ ratios }: BenchResult): number | undefined =>
    ratios[name];
/** How many times as fast as the peer. */
const speed =
  (name: string) =>
  ({ ratios }: BenchResult): number | undefined =>
    ratios[name] === undefined ? undefined : 1 / ratios[name];

const atMost = (goal: number, unit: string) => ({ goal, unit, wants: 'at most' }) as const;
const atLeast = (goal: number, unit: string) => ({ goal, unit, wants: 'at least' }) as const;

export const GOALS: readonly Goal[] = [
  {
    label: 'no-op tasks, fan-out of 10,000',
    result: 'engine',
    value: figure('tasks_per_second'),
    ...atLeast(5_000, 'tasks/s'),
  },
  {
    label: 'run of one task, median',
    result: 'latency',
    value: figure('p50_ms'),
    ...atMost(10, 'ms'),
  },
  {
    label: 'run of one task, 99 of 100',
    result: 'latency',
    value: figure('p99_ms'),
    ...atMost(50, 'ms'),
  },
  {
    label: '40 light tasks in sequence',
    result: 'chain',
    value: figure('total_ms'),
    ...atMost(200, 'ms'),
  },
  {
    label: 'extract, one connection, to psql',
    result: 'extract-2000000',
    value: ratio('psql_1'),
    ...atMost(1.05, '×'),
  },
  {
    label: 'extract, two connections, to psql',
    result: 'extract-2000000',
    value: ratio('psql_2'),
    ...atMost(1.3, '×'),
  },
  {
    label: 'load, to psql on one connection',
    result: 'load-2000000',
    value: ratio('psql_1'),
    ...atMost(1.05, '×'),
  },
  {
    label: 'extract, transform, load, to pandas',
    result: 'etl-2000000',
    value: speed('pandas'),
    ...atLeast(30, '× faster'),
  },
  {
    label: 'extract, transform, load, to Python Polars',
    result: 'etl-2000000',
    value: speed('python_polars'),
    ...atLeast(3, '× faster'),
  },
  {
    label: 'ten transforms, to one query by hand',
    result: 'fusion',
    value: ratio('handwritten'),
    ...atMost(1.1, '×'),
  },
  {
    label: 'memory of an extract over idle',
    result: 'memory',
    value: figure('extract_mib'),
    ...atMost(160, 'MiB'),
  },
  {
    label: 'memory of a load over idle',
    result: 'memory',
    value: figure('load_mib'),
    ...atMost(160, 'MiB'),
  },
  {
    label: 'script of the first page of the console',
    result: 'console',
    value: figure('first_load_kb'),
    ...atMost(300, 'kB'),
  },
  {
    label: 'first page of the console, until it is of use',
    result: 'console',
    value: figure('first_load_ms'),
    ...atMost(1_500, 'ms'),
  },
  {
    label: 'graph of 5,000 tasks, until one is open',
    result: 'console',
    value: figure('graph_5000_ms'),
    ...atMost(2_000, 'ms'),
  },
  {
    label: 'change of a task to pixel, 95 of 100',
    result: 'console',
    value: figure('state_to_pixel_p95_ms'),
    ...atMost(300, 'ms'),
  },
  {
    label: 'frame of a log of 100,000 lines, 95 of 100',
    result: 'console',
    value: figure('log_frame_p95_ms'),
    // Sixty a second, and what a clock of the page rounds.
    ...atMost(17, 'ms'),
  },
  {
    label: 'reports at ten million task runs',
    result: 'reports',
    value: figure('p99_ms'),
    ...atMost(50, 'ms'),
  },
];

export type Judged = Goal & {
  readonly found: number;
  /** The part of the goal that is used up: at most 1 where it is met. */
  readonly share: number;
};

/** The goals of which there are results. */
export function judge(results: Results): readonly Judged[] {
  return GOALS.flatMap((goal) => {
    const result = results.get(goal.result);
    const found = result === undefined ? undefined : goal.value(result);
    if (found === undefined) return [];
    const share = goal.wants === 'at most' ? found / goal.goal : goal.goal / found;
    return [{ ...goal, found, share }];
  });
}
