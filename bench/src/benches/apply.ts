import type { Bench, Measurement } from '../bench.ts';
import { rounded, spreadOf } from '../statistics.ts';

const TASKS = 1_000;
const REPETITIONS = 15;
const REPETITIONS_QUICK = 5;
// The first is told and not counted: the service compiles what it runs.
const WARM_UPS = 3;

/** A chain of transforms behind a file whose columns are declared: every column is checked, no database is asked. */
function chain(name: string): string {
  const tasks = Array.from({ length: TASKS - 1 }, (_, index) => {
    const input = index === 0 ? 'source' : `t${index - 1}`;
    return `  t${index}:
    type: expression_transform
    inputs: [${input}]
    polars: ${input}.filter(pl.col("amount") > ${index}).with_columns(x=pl.col("amount") * 2)
`;
  });
  return `name: ${name}
tasks:
  source: { type: file_extract, path: a.csv, columns: [{ id: Int64 }, { amount: Float64 }] }
${tasks.join('')}`;
}

/** Applying a document of a thousand tasks: types, lineage and push-down of all of them, and storing it. */
export const apply: Bench = {
  summary: `applying a workflow of ${TASKS.toLocaleString('en')} tasks, over REST`,
  async run({ client }, { isQuick, say, signal }): Promise<Measurement> {
    const count = isQuick ? REPETITIONS_QUICK : REPETITIONS;
    const timesMs: number[] = [];
    for (let index = 1 - WARM_UPS; index <= count; index += 1) {
      signal.throwIfAborted();
      const document = chain(`bench-apply-${index + WARM_UPS}`);
      const startedAt = performance.now();
      await client.applyWorkflow(document);
      const wallMs = performance.now() - startedAt;
      say(`${index > 0 ? `${index}/${count}` : 'warm-up'}: ${rounded(wallMs)} ms`);
      if (index > 0) timesMs.push(wallMs);
    }
    const { median, min, max } = spreadOf(timesMs);
    return {
      figures: {
        apply_ms: rounded(median),
        min_ms: rounded(min),
        max_ms: rounded(max),
        tasks: TASKS,
        repetitions: count,
      },
      peers: {},
      ratios: {},
    };
  },
};
