import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Reads what the server itself says in postmaster.pid: the first line is its pid, the eighth its state, "ready" once
 * it takes connections (PostgreSQL's src/include/utils/pidfile.h; pg_ctl does the same).
 */
export async function isPostmasterReady(dataDir: string, pid: number): Promise<boolean> {
  const lines = await readLines(dataDir);
  return lines?.[0] === String(pid) && lines[7]?.trim() === 'ready';
}

/**
 * Removes the file that a killed server left behind, when its pid now belongs to another program: PostgreSQL would
 * take that for a server on the same folder and refuse to start. A pid that is free it sees through by itself.
 */
export async function removeMisleadingPidFile(dataDir: string): Promise<void> {
  const pid = Number((await readLines(dataDir))?.[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return;
  const command = await readCommandLine(pid);
  if (command === undefined || command.includes(dataDir)) return;
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

async function readLines(dataDir: string): Promise<string[] | undefined> {
  const text = await readOptional(join(dataDir, 'postmaster.pid'));
  return text?.split('\n');
}

async function readCommandLine(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return readOptional(`/proc/${pid}/cmdline`);
  return promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    // ps ends with 1 when there is no such process.
    () => undefined,
  );
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // ESRCH comes when a process ends between opening and reading its file.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
