import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchFloe } from './bench-floe.ts';

const MAIN = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../examples/legacy/workflow.json', import.meta.url));

/** An export with so many documents, each like the example and with names and columns of its own. */
export async function makeExport(folder: string, documents: number): Promise<string> {
  const path = join(folder, 'workflow.json');
  const example = JSON.parse(await readFile(EXAMPLE, 'utf8')) as object;
  const file = createWriteStream(path);
  for (let number = 0; number < documents; number += 1) {
    const names = {
      workflow_id: `wf-${number}`,
      workflow_name: `Pipeline ${number}`,
      job_id: `j-${number % 100}`,
    };
    const line = JSON.stringify({
      _id: { $oid: number.toString(16).padStart(24, '0') },
      ...example,
      ...names,
    });
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return path;
}

export type Imported = {
  readonly wallMs: number;
  /** The most memory that the command held. */
  readonly peakMib: number;
  /** The most that the metadata service was seen to hold. */
  readonly metadataMib: number;
  readonly imported: number;
  readonly unchanged: number;
};

// Often enough to see a peak that lasts; reading it costs nothing.
const LOOK_MS = 200;

/** Runs `floe import mongo` in a process of its own. */
export async function runImport(
  floe: BenchFloe,
  path: string,
  signal: AbortSignal,
): Promise<Imported> {
  const startedAt = performance.now();
  const words = ['import', 'mongo', path, '--json', '--state-dir', floe.stateDir];
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const exited = once(child, 'exit');
  let isRunning = true;
  const done = exited.finally(() => {
    isRunning = false;
  });
  const metadata = floe.processes().find(({ name }) => name.includes('metadata'))?.pid;
  const watched = (async () => {
    const peaks = { command: 0, metadata: 0 };
    while (isRunning) {
      peaks.command = Math.max(peaks.command, await mibOf(child.pid, 'VmHWM'));
      peaks.metadata = Math.max(peaks.metadata, await mibOf(metadata, 'VmRSS'));
      await delay(LOOK_MS);
    }
    return peaks;
  })();
  const [said, peaks] = await Promise.all([text(child.stdout), watched, done]);
  const wallMs = performance.now() - startedAt;
  const { imported, unchanged } = JSON.parse(said) as Pick<Imported, 'imported' | 'unchanged'>;
  return { wallMs, peakMib: peaks.command, metadataMib: peaks.metadata, imported, unchanged };
}

const KIB_PER_MIB = 1024;

/** What Linux says of the memory of a process; 0 for one that is gone. */
async function mibOf(pid: number | undefined, field: 'VmHWM' | 'VmRSS'): Promise<number> {
  if (pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / KIB_PER_MIB;
}
