import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process is known by its pid and the moment it started: pids are given again to others. */
export type ProcessIdentity = { readonly pid: number; readonly startedAt: string };

/**
 * When the process started, as the system writes it: on Linux clock ticks since boot, with the id of the boot, so that
 * equal ticks after a restart of the machine differ; elsewhere the date that `ps` prints. Undefined when there is no
 * such process.
 */
export async function readStartTime(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid);
}

export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = await readStartTime(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await readStartTime(identity.pid)) === identity.startedAt;
}

async function readFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // proc(5): the name in parentheses may hold anything, so fields are counted from the last parenthesis. After it
    // come the state (field 3, Z for a process that has ended and waits for its parent) and starttime (field 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${boot.trim()}/${fields[19]}`;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // ESRCH comes when the process ends between opening and reading the file.
  return code === 'ENOENT' || code === 'ESRCH';
}

async function readFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch (error) {
    // ps ends with 1 when it lists nothing.
    if (error instanceof Error && 'code' in error && error.code === 1) return undefined;
    throw error;
  }
}
