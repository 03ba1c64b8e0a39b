import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Place = { readonly stateDir: string };

type ProcessRecord = { readonly name: string; readonly pid: number };

/**
 * The pid of a supervised process, by the name that `floe up` gave it. An executor is also found by the id that it has
 * in runs, which is its name and a number.
 */
export async function pidOf({ stateDir }: Place, name: string): Promise<number> {
  const text = await readFile(join(stateDir, 'processes.json'), 'utf8');
  const records = JSON.parse(text) as readonly ProcessRecord[];
  const record = records.find((each) => each.name === name || name.startsWith(`${each.name}-`));
  if (record === undefined) throw new Error(`no process ${name} in ${text}`);
  return record.pid;
}

/** The processes that this one started: the workers of an executor, the supervisor of a demo. */
export function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}
