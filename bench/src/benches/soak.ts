import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import type { Bench, BenchOptions, Figures } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { RunClock } from '../floe/run-clock.ts';
import { slopePerHour, type Sample } from '../slope.ts';
import { rounded } from '../statistics.ts';

// An hour shows what grows; the minutes of a quick one only that the measurement works.
const MINUTES = 60;
const MINUTES_QUICK = 3;
// V8 compiles, caches fill and pools open in the first minutes: what grows then is no leak.
const WARM_UP_SHARE = 0.25;
const SAMPLE_EVERY_MS = 5_000;
const SAY_EVERY_MS = 60_000;
// Enough for every path to be taken thousands of times, and half of what two cores can do.
const RUNS_AT_ONCE = 4;
const MIB = 1024 * 1024;
const WATCHED = /^(scheduler|metadata|reporting|gateway|executor)/;

const FAN = 50;
const DOCUMENT = `
name: bench-soak
tasks:
  first: { type: noop }
${Array.from({ length: FAN }, (_, index) => `  t${index}: { type: noop, needs: [first] }`).join('\n')}
  last: { type: noop, needs: [${Array.from({ length: FAN }, (_, index) => `t${index}`).join(', ')}] }
`;

/** Load for long: does anything grow that should not? */
export const soak: Bench = {
  summary: `${MINUTES} minutes of runs: the slope of each service's memory (--quick: ${MINUTES_QUICK} minutes)`,
  async run(floe, options) {
    await floe.client.applyWorkflow(DOCUMENT);
    const minutes = options.isQuick ? MINUTES_QUICK : MINUTES;
    const endsAt = performance.now() + minutes * 60_000;
    const [samples, runs] = await Promise.all([
      sampleMemory(floe, endsAt, options.signal),
      startRuns(floe, endsAt, options),
    ]);
    const figures = { minutes, runs, tasks: runs * (FAN + 2), ...toFigures(samples) };
    return { figures, peers: {}, ratios: {} };
  },
};

async function startRuns(floe: BenchFloe, endsAt: number, options: BenchOptions): Promise<number> {
  using clock = new RunClock(floe.endpoints, options.signal);
  let runs = 0;
  let saidAt = performance.now();
  const keepRunning = async () => {
    while (performance.now() < endsAt) {
      await clock.time('bench-soak');
      runs += 1;
      if (performance.now() - saidAt < SAY_EVERY_MS) continue;
      saidAt = performance.now();
      options.say(`${runs} runs, ${Math.round((endsAt - saidAt) / 60_000)} minutes to go`);
    }
  };
  await Promise.all(Array.from({ length: RUNS_AT_ONCE }, keepRunning));
  return runs;
}

type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Resident memory of every service, by name. A service that was restarted meanwhile is no measurement. */
async function sampleMemory(
  floe: BenchFloe,
  endsAt: number,
  signal: AbortSignal,
): Promise<Samples> {
  const processes = floe.processes().filter(({ name }) => WATCHED.test(name));
  const samples = new Map<string, Sample[]>(processes.map(({ name }) => [name, []]));
  while (performance.now() < endsAt) {
    for (const { name, pid } of processes) {
      const bytes = await residentBytes(pid, name);
      samples.get(name)!.push({ atMs: performance.now(), value: bytes / MIB });
    }
    await delay(SAMPLE_EVERY_MS, undefined, { signal });
  }
  return samples;
}

async function residentBytes(pid: number, name: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch((error: unknown) => {
    throw new FloeError('INTERNAL', `${name} ended during the soak`, { cause: error });
  });
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

function toFigures(samples: Samples): Figures {
  return Object.fromEntries(
    [...samples].flatMap(([name, all]) => {
      const warm = all.slice(Math.floor(all.length * WARM_UP_SHARE));
      const key = name.replaceAll('-', '_');
      return [
        [`${key}_mib_per_hour`, rounded(slopePerHour(warm))],
        [`${key}_first_mib`, rounded(warm[0]?.value ?? 0)],
        [`${key}_last_mib`, rounded(warm.at(-1)?.value ?? 0)],
      ];
    }),
  );
}
