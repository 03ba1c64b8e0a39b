/**
 * Control groups that keep workers to their memory, where the system lets us make them.
 *
 *   G1. They are a second barrier: the watch ends a task at its limit, the kernel one that allocates faster than the
 *       watch looks. So the kernel's limit is a little above.
 *   G2. What cannot be made is done without. Nothing here throws.
 *   G3. Only the worker is in its group: the kernel ends it and nobody else.
 */
import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The group of one worker. */
export type MemoryGroup = {
  /** Bounds the memory of the worker. */
  limit(bytes: number): void;
  unlimit(): void;
  /** How many of its processes the kernel has ended for lack of memory. */
  oomKills(): number;
  /** After the worker is gone. */
  remove(): void;
};

export type MemoryGroups = { create(pid: number): MemoryGroup | undefined };

const PREFIX = 'floe-worker-';
// What the kernel counts besides, like pages of files that are being written.
const KERNEL_EXTRA_BYTES = 64 * 1024 * 1024;
const KERNEL_EXTRA_SHARE = 0.1;

/** G1. Above the limit of the task, so that the watch meets ordinary growth first and says what was used. */
export function kernelLimitBytes(limitBytes: number): number {
  return Math.ceil(limitBytes * (1 + KERNEL_EXTRA_SHARE)) + KERNEL_EXTRA_BYTES;
}

type Layout = {
  readonly folder: string;
  readonly limitFile: string;
  readonly unlimited: string;
  readonly eventsFile: string;
};

/** Undefined where no groups can be made. `root`: where control groups are mounted. */
export function openMemoryGroups(root = '/sys/fs/cgroup'): MemoryGroups | undefined {
  const layout = unifiedLayout(root) ?? legacyLayout(root);
  if (layout === undefined) return undefined;
  removeLeftGroups(layout.folder);
  return { create: (pid) => createGroup(layout, pid) };
}

/** Of executors that were killed. The kernel keeps those that are in use. */
function removeLeftGroups(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(PREFIX)) attempt(() => rmdirSync(join(folder, name)));
  }
}

function createGroup(layout: Layout, pid: number): MemoryGroup | undefined {
  const folder = join(layout.folder, `${PREFIX}${pid}`);
  const isThere = attempt(() => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  });
  const remove = () => void attempt(() => rmdirSync(folder));
  if (!isThere) {
    remove();
    return undefined;
  }
  const write = (text: string) =>
    void attempt(() => writeFileSync(join(folder, layout.limitFile), text));
  return {
    limit: (bytes) => write(String(bytes)),
    unlimit: () => write(layout.unlimited),
    oomKills: () => {
      const count = readText(join(folder, layout.eventsFile))?.match(/^oom_kill (\d+)$/m)?.[1];
      return Number(count ?? 0);
    },
    remove,
  };
}

/**
 * cgroup v2. A group that has processes can have no groups with a memory limit below it, so that this process moves
 * into one of its own; where others are in our group as well, it goes back.
 */
function unifiedLayout(root: string): Layout | undefined {
  const own = ownGroup(/^0::(\/.*)$/m);
  if (own === undefined) return undefined;
  const folder = join(root, own);
  const controllers = readText(join(folder, 'cgroup.controllers'))?.trim().split(' ');
  if (controllers?.includes('memory') !== true) return undefined;
  const inside = join(folder, 'floe-supervisor');
  const isDelegated = attempt(() => {
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'cgroup.procs'), String(process.pid));
    writeFileSync(join(folder, 'cgroup.subtree_control'), '+memory');
  });
  const names = { limitFile: 'memory.max', unlimited: 'max', eventsFile: 'memory.events' };
  if (isDelegated) return { folder, ...names };
  attempt(() => writeFileSync(join(folder, 'cgroup.procs'), String(process.pid)));
  attempt(() => rmdirSync(inside));
  return undefined;
}

/** cgroup v1, where older systems keep the memory controller. */
function legacyLayout(root: string): Layout | undefined {
  const own = ownGroup(/^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m);
  if (own === undefined) return undefined;
  const folder = join(root, 'memory', own);
  const probe = join(folder, `floe-probe-${process.pid}`);
  if (!attempt(() => mkdirSync(probe))) return undefined;
  attempt(() => rmdirSync(probe));
  const eventsFile = 'memory.oom_control';
  return { folder, limitFile: 'memory.limit_in_bytes', unlimited: '-1', eventsFile };
}

function ownGroup(line: RegExp): string | undefined {
  return readText('/proc/self/cgroup')?.match(line)?.[1];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Not this kind of system.
    return undefined;
  }
}

/** G2 */
function attempt(body: () => unknown): boolean {
  try {
    body();
    return true;
  } catch {
    // No right to it, or read-only, or gone: we do without.
    return false;
  }
}
