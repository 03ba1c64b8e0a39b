import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { workspaceRoot } from '@floe/embedded';
import type { Bench, Measurement } from '../bench.ts';
import { repeat, type RepeatOptions } from '../repeat.ts';
import { rounded, spreadOf } from '../statistics.ts';

const REPETITIONS = 15;
const REPETITIONS_QUICK = 5;

const FLOE = join(workspaceRoot, 'floe');
const DOCUMENT = join(workspaceRoot, 'examples/late-flights.yaml');

type Timed = {
  readonly title: string;
  readonly program: string;
  readonly words: readonly string[];
};

/** From starting the process to its end, in milliseconds; what it prints goes nowhere. */
async function timeProcess({ program, words }: Timed): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(program, words, { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  const wallMs = performance.now() - startedAt;
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}`);
  return wallMs;
}

async function medianOf(timed: Timed, options: Omit<RepeatOptions, 'title' | 'unit'>) {
  // The first compiles and keeps what the others find.
  await timeProcess(timed);
  const { title } = timed;
  const values = await repeat(() => timeProcess(timed), { ...options, title, unit: 'ms' });
  return rounded(spreadOf(values).median);
}

/** How long a person waits for commands that do little: the start is nearly all of it. */
export const commandLine: Bench = {
  summary: 'floe --help, validate and runs list: the start of the command',
  async run({ stateDir }, options): Promise<Measurement> {
    const times = options.isQuick ? REPETITIONS_QUICK : REPETITIONS;
    const around = { ...options, times };
    // A folder of no Floe: the document is judged by the command alone.
    const alone = ['--state-dir', join(stateDir, 'nobody')];
    const floe = (title: string, ...words: string[]): Timed => ({ title, program: FLOE, words });
    const bare = { title: 'node', program: process.execPath, words: ['-e', '0'] };
    const figures = {
      help_ms: await medianOf(floe('help', '--help'), around),
      validate_ms: await medianOf(floe('validate', 'validate', '-f', DOCUMENT, ...alone), around),
      list_ms: await medianOf(floe('list', 'runs', 'list', '--state-dir', stateDir), around),
      repetitions: times,
    };
    const node = { start_ms: await medianOf(bare, around) };
    return { figures, peers: { node }, ratios: { node: rounded(figures.help_ms / node.start_ms) } };
  },
};
