import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../reporting/src/main.ts');

export type ReportingProcess = {
  /** Kills it like a crash. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The reporting service as a process of its own; resolves when it is ready. */
export async function startReportingProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ReportingProcess> {
  const child = fork(MAIN, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const ended = exited.then(() => Promise.reject(new Error('reporting ended before it was ready')));
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return { kill, [Symbol.asyncDispose]: kill };
}
