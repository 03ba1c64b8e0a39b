import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';

const KIB = 1024;

export type ResidentMemory = {
  /**
   * Bytes of memory that only this process can give back; undefined when it is gone.
   *
   * On Linux pages of mapped files are left out: Polars maps whole datasets, and the kernel drops such pages when it
   * needs the room.
   */
  read(): number | undefined;
  close(): void;
};

/** Follows the memory of a process. */
export function openResidentMemory(pid: number): ResidentMemory {
  return process.platform === 'linux' ? openProcStatus(pid) : askPs(pid);
}

/** One look. */
export function readResidentBytes(pid: number): number | undefined {
  const memory = openResidentMemory(pid);
  const bytes = memory.read();
  memory.close();
  return bytes;
}

// The file has some 1.5 KiB, and more only with hundreds of groups, which come before what is read here.
const STATUS_BYTES_MAX = 8 * 1024;

/** Reads an open file again and again, which costs a fifth of opening it. Its kilobytes count on every machine alike. */
function openProcStatus(pid: number): ResidentMemory {
  const buffer = Buffer.allocUnsafe(STATUS_BYTES_MAX);
  const file = openIfThere(`/proc/${pid}/status`);
  return {
    read() {
      if (file === undefined) return undefined;
      try {
        const length = readSync(file, buffer, 0, STATUS_BYTES_MAX, 0);
        return parseStatus(buffer.toString('latin1', 0, length));
      } catch {
        // ESRCH: the process is gone.
        return undefined;
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

function parseStatus(text: string): number | undefined {
  const kib = kibOf(text, 'RssAnon:') + kibOf(text, 'RssShmem:');
  // A process that has ended and waits for its parent has no memory lines.
  return kib === 0 ? undefined : kib * KIB;
}

function kibOf(text: string, label: string): number {
  const at = text.indexOf(label);
  return at === -1 ? 0 : Number.parseInt(text.slice(at + label.length), 10);
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    // ENOENT: there is no such process any more.
    return undefined;
  }
}

function askPs(pid: number): ResidentMemory {
  return {
    read() {
      try {
        const kib = Number(
          execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { stdio: 'pipe' }),
        );
        return kib > 0 ? kib * KIB : undefined;
      } catch {
        // ps exits with 1 when there is no such process.
        return undefined;
      }
    },
    close() {},
  };
}
