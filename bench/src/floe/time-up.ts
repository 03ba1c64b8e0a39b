import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { FloeError } from '@floe/errors';
import type { BenchFloe } from './bench-floe.ts';

const MAIN = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url));
// Far above any start; one that hangs ends the bench.
const READY_WITHIN_MS = 60_000;
// Services end what they do within half of this.
const STOP_WITHIN_MS = 45_000;

/** Seconds from starting the command `floe up` to its line that everything is ready; then stops it. */
export async function timeUp({ stateDir, portBase }: BenchFloe): Promise<number> {
  const words = ['up', '--json', '--state-dir', stateDir, '--port-base', String(portBase)];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = text(child.stderr);
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGTERM'), READY_WITHIN_MS);
  try {
    const ready = once(child.stdout, 'data').then(() => true);
    const isReady = await Promise.race([ready, exited.then(() => false)]);
    if (isReady) return (performance.now() - startedAt) / 1_000;
  } finally {
    clearTimeout(timer);
    await stop(child, exited);
  }
  throw new FloeError('SERVICE_UNAVAILABLE', `floe up ended before it was ready:\n${await said}`);
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}
