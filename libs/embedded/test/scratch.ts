import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildSpec } from '../src/child-process.ts';

/** A state folder for one test, gone after it. */
export async function makeScratch() {
  const folder = await mkdtemp(join(tmpdir(), 'floe-embedded-'));
  await mkdir(join(folder, 'logs'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export type SampleBehaviour = 'works' | 'breaks' | 'stubborn' | 'silent';

export function sampleSpec(
  folder: string,
  name: string,
  behaviour: SampleBehaviour = 'works',
): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, 'sample-child.ts'), name, join(folder, 'journal'), behaviour],
    env: { PATH: process.env['PATH'] },
    cwd: folder,
    logFile: join(folder, 'logs', `${name}.log`),
    readiness: { kind: 'ipc' },
    readyWithinMs: behaviour === 'silent' ? 300 : 10_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: behaviour === 'stubborn' ? 200 : 5_000,
  };
}

export async function readJournal(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'journal'), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
