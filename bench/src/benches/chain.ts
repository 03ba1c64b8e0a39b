import type { Bench } from '../bench.ts';
import { readAttemptTimes, readChainGaps } from '../floe/attempt-times.ts';
import { RunClock } from '../floe/run-clock.ts';
import { besidePrefect, startPrefect, timeFlows } from '../peers/prefect.ts';
import { repeat } from '../repeat.ts';
import { median as medianOf, rounded, spreadOf } from '../statistics.ts';

const TASKS = 40;
const REPETITIONS = 7;
const REPETITIONS_QUICK = 3;
// Two chains are eighty tasks: every worker has had some.
const WARM_UP_RUNS = 2;

/** Forty tasks that do nothing, each waiting for the one before. */
export const chain: Bench = {
  summary: `${TASKS} no-op tasks in sequence, from StartRun to finished, beside Prefect`,
  async run(floe, options) {
    await floe.client.applyWorkflow(chainDocument(TASKS));
    using clock = new RunClock(floe.endpoints, options.signal);
    for (let index = 0; index < WARM_UP_RUNS; index += 1) await clock.time('bench-chain');
    const times = options.isQuick ? REPETITIONS_QUICK : REPETITIONS;
    const runIds: string[] = [];
    const timeOne = async () => {
      const timed = await clock.time('bench-chain');
      runIds.push(timed.runId);
      return timed.wallMs;
    };
    const values = await repeat(timeOne, {
      ...options,
      title: 'chain',
      unit: 'ms',
      times,
    });
    const { min, median, max } = spreadOf(values);
    const figures = {
      total_ms: rounded(median),
      min_ms: rounded(min),
      max_ms: rounded(max),
      tasks: TASKS,
      repetitions: times,
      ...(await readAttemptTimes(floe.endpoints, runIds)),
      ...(await readChainGaps(floe.endpoints, runIds)),
    };
    // Not in turns: what Prefect's server still does after a flow would slow the next of Floe's runs.
    await using prefect = await startPrefect();
    const ofPrefect = await timeFlows(prefect, { shape: 'chain', tasks: TASKS, times });
    const measured = () => {
      const totalMs = medianOf(ofPrefect);
      return { figures: { total_ms: rounded(totalMs) }, ratio: median / totalMs };
    };
    return { figures, ...besidePrefect(prefect, measured) };
  },
};

function chainDocument(tasks: number): string {
  const lines = Array.from({ length: tasks }, (_, index) => {
    const needs = index === 0 ? '' : `, needs: [step_${index}]`;
    return `  step_${index + 1}: { type: noop${needs} }`;
  });
  return ['name: bench-chain', 'tasks:', ...lines, ''].join('\n');
}
