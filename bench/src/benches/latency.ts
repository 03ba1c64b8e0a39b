import type { Bench } from '../bench.ts';
import { readAttemptTimes } from '../floe/attempt-times.ts';
import { RunClock, type TimedRun } from '../floe/run-clock.ts';
import { besidePrefect, startPrefect, timeFlows } from '../peers/prefect.ts';
import { percentile, rounded } from '../statistics.ts';

// With 300 the p99 is the fourth-slowest run: one hiccup of the machine does not decide it.
const RUNS = 300;
const RUNS_QUICK = 30;
// Until every worker has run something and V8 has compiled what runs often.
const WARM_UP_RUNS = 30;
const SAY_EVERY = 50;
// Each takes Prefect a second or so.
const PREFECT_RUNS = 20;
const PREFECT_RUNS_QUICK = 3;

const DOCUMENT = `
name: bench-latency
tasks:
  nothing: { type: noop }
`;

/** From StartRun to finished, for one task that does nothing, one run at a time. */
export const latency: Bench = {
  summary: 'StartRun to finished, one no-op task, one run at a time, beside Prefect',
  async run(floe, { isQuick, say, signal }) {
    await floe.client.applyWorkflow(DOCUMENT);
    using clock = new RunClock(floe.endpoints, signal);
    const runs = isQuick ? RUNS_QUICK : RUNS;
    const timed: TimedRun[] = [];
    for (let index = 1 - WARM_UP_RUNS; index <= runs; index += 1) {
      const run = await clock.time('bench-latency');
      if (index > 0) timed.push(run);
      if (index > 0 && index % SAY_EVERY === 0) say(`${index}/${runs} runs`);
    }
    const times = await readAttemptTimes(
      floe.endpoints,
      timed.map(({ runId }) => runId),
    );
    const figures = { ...toFigures(timed), ...times };
    // Not in turns: what Prefect's server still does after a flow would slow the next of Floe's runs.
    await using prefect = await startPrefect();
    const flows = isQuick ? PREFECT_RUNS_QUICK : PREFECT_RUNS;
    const ofPrefect = await timeFlows(prefect, { shape: 'chain', tasks: 1, times: flows });
    const measured = () => {
      const p50 = percentile(ofPrefect, 50);
      return { figures: { p50_ms: rounded(p50) }, ratio: figures.p50_ms / p50 };
    };
    return { figures, ...besidePrefect(prefect, measured) };
  },
};

function toFigures(timed: readonly TimedRun[]) {
  const wall = timed.map(({ wallMs }) => wallMs);
  const recorded = timed.map(({ recordedMs }) => recordedMs);
  return {
    p50_ms: rounded(percentile(wall, 50)),
    p99_ms: rounded(percentile(wall, 99)),
    min_ms: rounded(percentile(wall, 0)),
    max_ms: rounded(percentile(wall, 100)),
    recorded_p50_ms: rounded(percentile(recorded, 50)),
    recorded_p99_ms: rounded(percentile(recorded, 99)),
    runs: timed.length,
  };
}
