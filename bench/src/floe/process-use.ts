import { readFile } from 'node:fs/promises';

/** What Linux says that a process used; all 0 elsewhere. */
export type ProcessUse = {
  /** The most memory that it has held since it began. */
  readonly peakMib: number;
  readonly cpuSeconds: number;
};

// Often enough to see what a process used just before it ended; reading it costs nothing.
const LOOK_MS = 100;
const KIB_PER_MIB = 1024;
// What Linux counts in, wherever Node runs.
const TICKS_PER_SECOND = 100;

/** Looks until `end` is called or the process is gone, and tells what was used meanwhile. */
export function watchUse(pid: number | undefined): { end(): Promise<ProcessUse> } {
  const before = readUse(pid);
  let last = before;
  const timer = setInterval(() => {
    last = last.then(async (known) => (await readUse(pid)) ?? known);
  }, LOOK_MS);
  return {
    async end() {
      clearInterval(timer);
      const [first, seen, now] = [await before, await last, await readUse(pid)];
      const use = now ?? seen;
      const cpuSeconds = (use?.cpuSeconds ?? 0) - (first?.cpuSeconds ?? 0);
      return { peakMib: use?.peakMib ?? 0, cpuSeconds };
    },
  };
}

async function readUse(pid: number | undefined): Promise<ProcessUse | undefined> {
  if (pid === undefined) return undefined;
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything: user and system time are the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
    // A process that has ended and was not looked after yet has no memory left.
    if (kib === undefined) return undefined;
    return { peakMib: Number(kib) / KIB_PER_MIB, cpuSeconds: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}
