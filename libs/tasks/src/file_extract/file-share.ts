/**
 * Files that several attempts share, each taking whole files that follow each other by name.
 *
 *   Q1. The lead looks once and decides. A partition looks again and takes its files only when they are the ones that
 *       the lead saw, of the same sizes: files that come, go or grow meanwhile are an error, not a row more or less.
 *   Q2. There are as many partitions as the document says; with fewer files some are empty.
 *   Q3. Every partition has the columns of the first file of all, or fails.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { z } from 'zod';
import type { TaskContext } from '../runner.ts';

/** Its name counts from the folder of files, which hosts may have in different places. */
export type SharedFile = { readonly name: string; readonly path: string; readonly bytes: number };

const share = z.object({
  /** Place of its first file in the list of all. */
  from: z.int().min(0),
  count: z.int().min(0),
  digest: z.string(),
});

const handout = z.object({ files: z.int().min(1), shares: z.array(share) });

export type FileHandout = z.output<typeof handout>;

// Far below what a process may have open, and enough to keep a disk in the network busy.
const LOOKS_AT_ONCE = 32;

export async function lookAtFiles(
  paths: readonly string[],
  nameOf: (path: string) => string,
): Promise<readonly SharedFile[]> {
  const files: SharedFile[] = [];
  for (let at = 0; at < paths.length; at += LOOKS_AT_ONCE) {
    const some = paths.slice(at, at + LOOKS_AT_ONCE);
    const seen = some.map(async (path) => ({
      name: nameOf(path),
      path,
      bytes: (await stat(path)).size,
    }));
    files.push(...(await Promise.all(seen)));
  }
  return files;
}

/** Cuts the list where the sizes so far pass the next equal share of the whole. */
export function shareFiles(files: readonly SharedFile[], count: number): FileHandout {
  const total = files.reduce((sum, { bytes }) => sum + bytes + 1, 0);
  const groups: SharedFile[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const file of files) {
    const middle = before + (file.bytes + 1) / 2;
    groups[Math.min(count - 1, Math.floor((middle / total) * count))]!.push(file);
    before += file.bytes + 1;
  }
  let from = 0;
  const shares = groups.map((group) => {
    const own = { from, count: group.length, digest: digestOf(group) };
    from += group.length;
    return own;
  });
  return { files: files.length, shares };
}

export function readHandout({ partition }: Pick<TaskContext, 'partition'>): FileHandout {
  const read = handout.safeParse(partition?.handout);
  if (read.success) return read.data;
  throw new FloeError('INTERNAL', `partition ${partition?.index} was not told which files to read`);
}

/** Q1. Errors: FILE_INVALID. */
export function filesOfShare(
  files: readonly SharedFile[],
  told: FileHandout,
  index: number,
): readonly SharedFile[] {
  const { from, count, digest } = told.shares[index] ?? { from: 0, count: 0, digest: '' };
  const own = files.slice(from, from + count);
  if (files.length === told.files && (count === 0 || digestOf(own) === digest)) return own;
  const now = `${told.files} ${told.files === 1 ? 'file was' : 'files were'} there, ${files.length} are now`;
  const change = files.length === told.files ? 'a file has another name or size' : now;
  throw new FloeError('FILE_INVALID', `the files changed while they were read: ${change}`, {
    hint: 'Move files into the folder whole and at once, or read them without `partitions`.',
  });
}

function digestOf(files: readonly SharedFile[]): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of files) hash.update(`${name.length}:${name}:${bytes};`);
  return hash.digest('hex');
}
