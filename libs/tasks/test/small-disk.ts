import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const MEBIBYTE = 1024 ** 2;
const run = promisify(execFile);

export type SmallDisk = {
  /** An empty folder on it. */
  readonly folder: string;
  /** Makes room. */
  grow(mebibytes: number): Promise<void>;
  usedMebibytes(): Promise<number>;
  unmount(): Promise<void>;
};

/** A file system in memory of its own, of a few MiB. Fails where mounting is not allowed: only root may. */
export async function mountSmallDisk(at: string, mebibytes: number): Promise<SmallDisk> {
  await mkdir(at, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'floe-small-disk', at]);
  const folder = `${at}/space`;
  await mkdir(folder);
  return {
    folder,
    grow: async (size) => void (await run('mount', ['-o', `remount,size=${size}m`, at])),
    usedMebibytes: async () => {
      const { blocks, bfree, bsize } = await statfs(at);
      return Math.ceil(((blocks - bfree) * bsize) / MEBIBYTE);
    },
    unmount: async () => void (await run('umount', ['--lazy', at])),
  };
}
