import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../src/main.ts');

export type MetadataProcess = AsyncDisposable & {
  /** Ends it like a crash. */
  kill(): Promise<void>;
};

/** Metadata as a process of its own, ready. */
export async function startMetadataProcess(
  settings: Readonly<Record<string, string>>,
): Promise<MetadataProcess> {
  const env = { PATH: process.env['PATH'], FLOE_LOG_LEVEL: 'silent', ...settings };
  const child = fork(MAIN, { env, stdio: 'inherit' });
  const exited = once(child, 'exit').then(() => Promise.reject(new Error('not ready')));
  exited.catch(() => undefined);
  await Promise.race([once(child, 'message'), exited]);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { kill, [Symbol.asyncDispose]: kill };
}
