/** Prefect as a peer: a process of the `python3` in PATH that runs a flow for each line that it is given. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FloeError } from '@floe/errors';
import type { Figures, Measurement } from '../bench.ts';
import { rounded } from '../statistics.ts';

export type Shape = 'chain' | 'fan_out';

export type Prefect = AsyncDisposable &
  (
    | { readonly skipped: string }
    | {
        readonly skipped: undefined;
        /** Milliseconds from the call of the flow to its end. */
        timeFlow(shape: Shape, tasks: number): Promise<number>;
      }
  );

type Child = ChildProcessByStdio<Writable, Readable, null>;

const SCRIPT = fileURLToPath(new URL('prefect_flows.py', import.meta.url));
// The first flow starts a server, which makes its database; the longest that is measured takes half a minute.
const FLOW_WITHIN_MS = 180_000;
// It ends with its input; its server takes a few seconds to stop.
const END_WITHIN_MS = 30_000;

/** Starts it and lets it run a flow that does not count. Errors: INTERNAL when Prefect cannot run it. */
export async function startPrefect(): Promise<Prefect> {
  if (!(await hasPrefect())) {
    return {
      skipped: 'no python3 in PATH that has prefect',
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const home = await mkdtemp(join(tmpdir(), 'floe-bench-prefect-'));
  const child = spawn('python3', [SCRIPT], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, PREFECT_HOME: home },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const timeFlow = async (shape: Shape, tasks: number) => {
    child.stdin.write(`${JSON.stringify({ shape, tasks })}\n`);
    return (await readSeconds(child, lines)) * 1_000;
  };
  const stop = async () => {
    await end(child);
    await rm(home, { recursive: true, force: true });
  };
  try {
    await timeFlow('chain', 1);
  } catch (error) {
    await stop();
    throw error;
  }
  return { skipped: undefined, timeFlow, [Symbol.asyncDispose]: stop };
}

type Flows = { readonly shape: Shape; readonly tasks: number; readonly times: number };

/** Milliseconds of each, one after the other; none where Prefect was skipped. */
export async function timeFlows(prefect: Prefect, { shape, tasks, times }: Flows) {
  const found: number[] = [];
  if (prefect.skipped !== undefined) return found;
  while (found.length < times) found.push(await prefect.timeFlow(shape, tasks));
  return found;
}

/** `ratio`: Floe's time over Prefect's for the same work. */
export function besidePrefect(
  { skipped }: Prefect,
  measured: () => { readonly figures: Figures; readonly ratio: number },
): Pick<Measurement, 'peers' | 'ratios'> {
  if (skipped !== undefined) return { peers: { prefect: { skipped } }, ratios: {} };
  const { figures, ratio } = measured();
  return { peers: { prefect: figures }, ratios: { prefect: rounded(ratio) } };
}

async function hasPrefect(): Promise<boolean> {
  const child = spawn('python3', ['-c', 'import prefect'], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit').catch(() => [1])) as [number | null];
  return code === 0;
}

async function readSeconds(child: Child, lines: AsyncIterator<string>): Promise<number> {
  const timer = setTimeout(() => child.kill('SIGKILL'), FLOW_WITHIN_MS);
  const { value } = await lines.next();
  clearTimeout(timer);
  const seconds = Number(value);
  if (seconds > 0) return seconds;
  throw new FloeError('INTERNAL', 'Prefect could not run its flow in time', {
    hint: `Run it by hand: python3 ${SCRIPT}, then type {"shape": "chain", "tasks": 1}`,
  });
}

async function end(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
  clearTimeout(timer);
}
