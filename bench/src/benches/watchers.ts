import { readFile } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import type { Bench, BenchOptions } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { keptHeapMib } from '../floe/kept-heap.ts';
import { percentile, rounded } from '../statistics.ts';

const WATCHERS = 500;
const ROUNDS = 8;
const ROUNDS_QUICK = 3;
const TASKS = 12;
// Long enough for an event to reach everybody before the next one.
const PAUSE = '400ms';
const KIB_PER_MIB = 1024;
// After a round the heap is what was not collected yet; a moment lets V8 do it.
const REST_MS = 1_500;

const DOCUMENT = `
name: bench-watchers
tasks:
${Array.from({ length: TASKS }, (_, index) => task(index)).join('\n')}
`;

function task(index: number): string {
  const after = index === 0 ? '' : `, needs: [t${index - 1}]`;
  return `  t${index}: { type: sleep, duration: ${PAUSE}${after} }`;
}

/** Five hundred people look at one run, again and again: how late the last of them knows, and what it leaves behind. */
export const watchers: Bench = {
  summary: `${WATCHERS} watchers of a run on one gateway: memory, and how soon all of them know`,
  async run(floe, options) {
    await floe.client.applyWorkflow(DOCUMENT);
    const before = await gatewayMib(floe);
    const rounds = options.isQuick ? ROUNDS_QUICK : ROUNDS;
    const lasts: number[] = [];
    const all: number[] = [];
    const after: number[] = [];
    const kept: number[] = [];
    let open = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const seen = await watchRound(floe, options);
      // The first compiles what runs often.
      if (round > 1) {
        lasts.push(...seen.lasts);
        all.push(...seen.delays);
      }
      open = Math.max(open, seen.openMib);
      await new Promise((resolve) => {
        setTimeout(resolve, REST_MS);
      });
      after.push(await gatewayMib(floe));
      if (round === 1 || round === rounds) kept.push(await keptHeapMib(gatewayOf(floe)));
      options.say(`round ${round}/${rounds}: ${rounded(after.at(-1) ?? 0)} MiB after it`);
    }
    const figures = {
      watchers: WATCHERS,
      p50_ms: rounded(percentile(all, 50)),
      p95_ms: rounded(percentile(all, 95)),
      last_of_all_p50_ms: rounded(percentile(lasts, 50)),
      last_of_all_p95_ms: rounded(percentile(lasts, 95)),
      before_mib: rounded(before),
      while_open_mib: rounded(open),
      after_first_mib: rounded(after[0] ?? 0),
      after_last_mib: rounded(after.at(-1) ?? 0),
      kept_first_mib: rounded(kept[0] ?? 0),
      kept_last_mib: rounded(kept.at(-1) ?? 0),
      rounds,
    };
    return { figures, peers: {}, ratios: {} };
  },
};

type Seen = {
  /** From each event, by the clock of whoever wrote it, to each watcher. */
  readonly delays: readonly number[];
  /** The same to the last watcher, for each event. */
  readonly lasts: readonly number[];
  readonly openMib: number;
};

async function watchRound(floe: BenchFloe, { signal }: BenchOptions): Promise<Seen> {
  const { run } = await floe.client.startRun({ workflowName: 'bench-watchers' });
  const delays = new Map<number, number[]>();
  let openMib = 0;
  const watch = async () => {
    for await (const update of floe.client.watchRun(run.runId, { signal })) {
      if (update.kind !== 'event') continue;
      const delayMs = Date.now() - Date.parse(update.event.time ?? '');
      const sequence = Number(update.sequence);
      const known = delays.get(sequence) ?? [];
      known.push(delayMs);
      delays.set(sequence, known);
    }
  };
  const measuring = setInterval(() => {
    void gatewayMib(floe).then((mib) => {
      openMib = Math.max(openMib, mib);
    });
  }, 1_000);
  try {
    await Promise.all(Array.from({ length: WATCHERS }, watch));
  } finally {
    clearInterval(measuring);
  }
  const live = newsOf(delays);
  return { delays: live.flat(), lasts: live.map((one) => Math.max(...one)), openMib };
}

/** Who comes late is told what was before, which is no news. The second half of the events reached everybody live. */
function newsOf(delays: ReadonlyMap<number, readonly number[]>): readonly (readonly number[])[] {
  const half = Math.max(...delays.keys()) / 2;
  return [...delays].flatMap(([sequence, each]) => (sequence > half ? [each] : []));
}

/** Memory of the gateway that only it can give back. */
async function gatewayMib(floe: BenchFloe): Promise<number> {
  const status = await readFile(`/proc/${gatewayOf(floe)}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / KIB_PER_MIB;
}

function gatewayOf(floe: BenchFloe): number {
  const pid = floe.processes().find(({ name }) => name === 'gateway')?.pid;
  if (pid === undefined) throw new FloeError('INTERNAL', 'this Floe has no gateway');
  return pid;
}
