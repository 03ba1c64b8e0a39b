import { execFile } from 'node:child_process';
import { FloeError } from '@floe/errors';
import type { ChaosFloe } from './chaos-floe.ts';

/** The processes of a part: one scheduler, all executors. Those that are being started again are not among them. */
export function pidsOf(floe: ChaosFloe, part: string): number[] {
  return floe.embedded
    .processes()
    .filter(({ name }) => name === part || name.startsWith(`${part}-`))
    .map(({ pid }) => pid);
}

export function onePid(floe: ChaosFloe, part: string): number {
  const [pid] = pidsOf(floe, part);
  if (pid === undefined) throw new FloeError('INTERNAL', `no process of ${part} runs`);
  return pid;
}

/** The processes that this one started: the workers of an executor. */
export function childrenOf(pid: number): Promise<number[]> {
  return new Promise((resolve) => {
    // It exits with 1 when there are none.
    execFile('pgrep', ['-P', String(pid)], (_error, stdout) =>
      resolve(stdout.split('\n').filter(Boolean).map(Number)),
    );
  });
}

/** Sends a signal; one that ended a moment ago needs none. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
