import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { BenchFloe } from './bench-floe.ts';
import { watchUse, type ProcessUse } from './process-use.ts';

// As people start it: it names the compile cache and the memory of Node.
const FLOE = fileURLToPath(new URL('../../../floe', import.meta.url));
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
  /** What each process used for it. */
  readonly command: ProcessUse;
  readonly metadata: ProcessUse;
  readonly gateway: ProcessUse;
  readonly imported: number;
  readonly unchanged: number;
};

/** Runs `floe import mongo` of a file, or `floe import postgres` of an address, in a process of its own. */
export async function runImport(
  floe: BenchFloe,
  source: readonly ['mongo' | 'postgres', string],
  signal: AbortSignal,
): Promise<Imported> {
  const metadata = watchUse(pidOf(floe, 'metadata'));
  const gateway = watchUse(pidOf(floe, 'gateway'));
  const startedAt = performance.now();
  const words = ['import', ...source, '--json', '--state-dir', floe.stateDir];
  const child = spawn(FLOE, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const exited = once(child, 'exit');
  const command = watchUse(child.pid);
  const [said] = await Promise.all([text(child.stdout), exited]);
  const wallMs = performance.now() - startedAt;
  type Counts = Pick<Imported, 'imported' | 'unchanged'>;
  const report = JSON.parse(said) as Counts & { readonly runs: Counts };
  const { imported, unchanged } = source[0] === 'postgres' ? report.runs : report;
  return {
    wallMs,
    command: await command.end(),
    metadata: await metadata.end(),
    gateway: await gateway.end(),
    imported,
    unchanged,
  };
}

function pidOf(floe: BenchFloe, service: string): number | undefined {
  return floe.processes().find(({ name }) => name.includes(service))?.pid;
}
