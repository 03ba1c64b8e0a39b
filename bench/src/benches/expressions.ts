import { checkProgram, parseProgram, type Schema } from '@floe/expression';
import type { Bench } from '../bench.ts';
import { repeat } from '../repeat.ts';
import { percentile, rounded, spreadOf } from '../statistics.ts';

const TIMES = 200;
const TIMES_QUICK = 50;
// Before the code is compiled the first ones take several times as long.
const WARM_UP = 30;
const LINES = 200;

const INPUTS: Readonly<Record<string, Schema>> = {
  flights: [
    { name: 'origin', type: { kind: 'string' } },
    { name: 'destination', type: { kind: 'string' } },
    { name: 'delay', type: { kind: 'int64' } },
    { name: 'distance', type: { kind: 'int64' } },
    { name: 'date', type: { kind: 'date' } },
  ],
  airports: [
    { name: 'iata', type: { kind: 'string' } },
    { name: 'city', type: { kind: 'string' } },
  ],
};

/** Parsing a program of two hundred lines, and checking its columns and types. */
export const expressions: Bench = {
  summary: `parsing and checking a program of ${LINES} lines`,
  async run(_, options) {
    const text = program(LINES);
    const times = options.isQuick ? TIMES_QUICK : TIMES;
    for (let index = 0; index < WARM_UP; index += 1) await timeOnce(text);
    const say = () => undefined;
    const values = await repeat(() => timeOnce(text), {
      ...options,
      say,
      title: 'program',
      unit: 'ms',
      times,
    });
    const { median, min, max } = spreadOf(values);
    const figures = {
      p50_ms: rounded(median),
      p90_ms: rounded(percentile(values, 90)),
      min_ms: rounded(min),
      max_ms: rounded(max),
      lines: text.split('\n').length,
      repetitions: times,
    };
    return { figures, peers: {}, ratios: {} };
  },
};

async function timeOnce(text: string): Promise<number> {
  const startedAt = performance.now();
  const parsed = parseProgram(text, { inputs: Object.keys(INPUTS) });
  checkProgram(parsed, { inputs: INPUTS });
  return performance.now() - startedAt;
}

/** Steps as people write them, each with names of its own. */
const STEPS: readonly ((n: number) => string)[] = [
  (n) => `filter((pl.col("delay") > ${n}) & pl.col("origin").str.starts_with("A"))`,
  (n) => `with_columns(
    (pl.col("delay") * ${n} + pl.col("distance") / 2).round(1).alias("x${n}"),
    pl.when(pl.col("delay") > ${n}).then(pl.lit("late")).otherwise(pl.lit("ok")).alias("w${n}"),
)`,
  (n) => `with_columns(
    pl.col("date").dt.truncate("1mo").alias("month${n}"),
    pl.col("delay").sum().over("origin").alias("sum${n}"),
)`,
  () => 'sort("delay", descending=True).head(1000)',
  () => 'join(airports, left_on="origin", right_on="iata", how="left").drop("city")',
  (n) => `with_columns(pl.col("destination").str.to_lowercase().str.slice(0, 2).alias("d${n}"))`,
];

function program(lines: number): string {
  let text = 's0 = flights.filter(pl.col("delay") > 5)';
  let last = 0;
  while (text.split('\n').length < lines - 1) {
    const step = STEPS[last % STEPS.length];
    text += `\ns${last + 1} = s${last}.${step?.(last) ?? ''}`;
    last += 1;
  }
  return `${text}\ns${last}.group_by("origin").agg(pl.len())`;
}
