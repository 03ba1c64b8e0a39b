import { readFileSync } from 'node:fs';

/**
 * How many processes the kernel has ended for lack of memory so far, as near to us as can be known: in our control
 * group, else on the machine. A higher number later means that it has ended one in between. Always 0 where the system
 * does not count.
 */
export function readOomKills(): number {
  return (
    readCounter(`/sys/fs/cgroup${ownGroup()}/memory.events`) ?? readCounter('/proc/vmstat') ?? 0
  );
}

/** The path of our group in the unified hierarchy (cgroup v2). */
function ownGroup(): string {
  const own = readText('/proc/self/cgroup')?.match(/^0::(\/.*)$/m)?.[1];
  return own === undefined || own === '/' ? '' : own;
}

function readCounter(path: string): number | undefined {
  const count = readText(path)?.match(/^oom_kill (\d+)$/m)?.[1];
  return count === undefined ? undefined : Number(count);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Another system, or a sandbox that hides it.
    return undefined;
  }
}
