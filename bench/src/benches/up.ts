import type { Bench } from '../bench.ts';
import { timeUp } from '../floe/time-up.ts';
import { repeat } from '../repeat.ts';
import { rounded, spreadOf } from '../statistics.ts';

const REPETITIONS = 5;
const REPETITIONS_QUICK = 3;

/** The start of everything on a state folder that was used before. */
export const up: Bench = {
  summary: 'floe up to ready, on a state folder that was used before',
  async run(floe, options) {
    await floe.stop();
    const times = options.isQuick ? REPETITIONS_QUICK : REPETITIONS;
    const values = await repeat(() => timeUp(floe), { ...options, title: 'up', unit: 's', times });
    const { min, median, max } = spreadOf(values);
    const figures = {
      warm_s: rounded(median),
      min_s: rounded(min),
      max_s: rounded(max),
      repetitions: times,
    };
    return { figures, peers: {}, ratios: {} };
  },
};
