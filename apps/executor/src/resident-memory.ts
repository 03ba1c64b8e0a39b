import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const KIB = 1024;

/**
 * Bytes of memory that only this process can give back; undefined when it is gone.
 *
 * On Linux pages of mapped files are left out: Polars maps whole datasets, and the kernel drops such pages when it
 * needs the room. Kilobytes of `status` are used because the pages of `statm` have another size on some machines.
 */
export function readResidentBytes(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? readProcStatus(pid) : askPs(pid);
}

async function readProcStatus(pid: number): Promise<number | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/status`, 'latin1');
    const sizes = text.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm);
    const kib = [...sizes].reduce((sum, [, size]) => sum + Number(size), 0);
    // A process that has ended and waits for its parent has no memory lines.
    return kib === 0 ? undefined : kib * KIB;
  } catch {
    // No such file: no such process.
    return undefined;
  }
}

async function askPs(pid: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
    const kib = Number(stdout.trim());
    return kib > 0 ? kib * KIB : undefined;
  } catch {
    // ps exits with 1 when there is no such process.
    return undefined;
  }
}
