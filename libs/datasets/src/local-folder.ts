/**
 * The folder of datasets on this machine: `<folder>/<run_id>/<task_id>-<epoch>.ipc`, each written by one attempt only; what
 * an attempt makes for another task besides its own is `<task_id>-<epoch>.<other_task_id>.ipc`. While it is written, read or
 * fetched other files stand beside it, whose names begin with its own; a process that is killed leaves them behind.
 * Files with other names are not ours and stay.
 */
import { readdir, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { FloeError, isUuid } from '@floe/errors';

const DATASET_FILE = /^[A-Za-z0-9_-]{1,128}-\d{1,19}(?:\.[A-Za-z0-9_-]{1,128})?\.ipc$/;
const BESIDE_DATASET = /\.ipc(?:\.[A-Za-z0-9_-]{1,128}){1,3}$/;
// Runs that one pass looks at, the oldest first, so that those that are left are the ones to keep.
const FOLDERS_PER_PASS = 10_000;

/** The key of a dataset by its path. Throws ARGUMENT_INVALID for a path that is none of ours. */
export function keyOfPath(folder: string, path: string): string {
  const key = relative(folder, path);
  if (!isAbsolute(key) && isDatasetKey(key)) return key;
  throw new FloeError('ARGUMENT_INVALID', `${path} is no dataset of ${folder}`);
}

export function isDatasetKey(key: string): boolean {
  const [runId, file, ...rest] = key.split('/');
  return rest.length === 0 && isUuid(runId ?? '') && DATASET_FILE.test(file ?? '');
}

/** A file that was cut off, as by a disk that lost its power, is none. */
export async function isWholeFile(path: string, bytes: number | undefined): Promise<boolean> {
  const facts = await stat(path).catch(ignoreMissing);
  return facts?.isFile() === true && (bytes === undefined || facts.size === bytes);
}

/** Notes that a dataset is in use: what is read stays as long as what is written. */
export async function noteUse(path: string, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  // A folder that is only readable, or was collected just now, keeps its time.
  await utimes(dirname(path), now, now).catch(() => {});
}

/** Removes the datasets of runs that were neither written nor read since `beforeMs`. Returns how many runs that were. */
export async function collectFolder(
  folder: string,
  beforeMs: number,
  foldersMax = FOLDERS_PER_PASS,
): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing);
  const runs = (entries ?? []).filter((entry) => entry.isDirectory() && isUuid(entry.name));
  // The ids of runs begin with the time at which they were drawn.
  const oldest = runs.map(({ name }) => name).toSorted();
  let removed = 0;
  for (const runId of oldest.slice(0, foldersMax)) {
    if (await removeRunFolder(join(folder, runId), beforeMs)) removed += 1;
  }
  return removed;
}

/** A folder's time is that of its newest file or use. It goes only when nothing else is in it. */
async function removeRunFolder(path: string, beforeMs: number): Promise<boolean> {
  const facts = await stat(path).catch(ignoreMissing);
  if (facts === undefined || facts.mtimeMs >= beforeMs) return false;
  const names = (await readdir(path).catch(ignoreMissing)) ?? [];
  for (const name of names) {
    if (isOurs(name)) await rm(join(path, name), { force: true });
  }
  return rmdir(path).then(
    () => true,
    () => false,
  );
}

function isOurs(name: string): boolean {
  return DATASET_FILE.test(name.replace(BESIDE_DATASET, '.ipc'));
}

/** Executors share the folder: another one may be removing the same. */
function ignoreMissing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTDIR') throw thrown;
}
