/**
 * The folder of datasets on this machine: `<folder>/<run_id>/<task_id>-<epoch>.ipc`, each written by one attempt only; what
 * an attempt makes for another task besides its own is `<task_id>-<epoch>.<other_task_id>.ipc`.
 * Files with other names are not ours and stay.
 */
import { readdir, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { FloeError } from '@floe/errors';

const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DATASET_FILE =
  /^[A-Za-z0-9_-]{1,128}-\d{1,19}(?:\.[A-Za-z0-9_-]{1,128})?\.ipc(?:\.partial)?$/;
// Runs that one pass looks at; what is left waits for the next.
const FOLDERS_PER_PASS = 10_000;

/** The key of a dataset by its path. Throws ARGUMENT_INVALID for a path that is none of ours. */
export function keyOfPath(folder: string, path: string): string {
  const key = relative(folder, path);
  if (!isAbsolute(key) && isDatasetKey(key)) return key;
  throw new FloeError('ARGUMENT_INVALID', `${path} is no dataset of ${folder}`);
}

export function isDatasetKey(key: string): boolean {
  const [runId, file, ...rest] = key.split('/');
  return rest.length === 0 && RUN_ID.test(runId ?? '') && DATASET_FILE.test(file ?? '');
}

export async function isFile(path: string): Promise<boolean> {
  const facts = await stat(path).catch(ignoreMissing);
  return facts?.isFile() === true;
}

/** Notes that a dataset is in use: what is read stays as long as what is written. */
export async function noteUse(path: string, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  // A folder that is only readable, or was collected just now, keeps its time.
  await utimes(dirname(path), now, now).catch(() => {});
}

/** Removes the datasets of runs that were neither written nor read since `beforeMs`. Returns how many runs that were. */
export async function collectFolder(folder: string, beforeMs: number): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing);
  const runs = (entries ?? []).filter((entry) => entry.isDirectory() && RUN_ID.test(entry.name));
  let removed = 0;
  for (const run of runs.slice(0, FOLDERS_PER_PASS)) {
    if (await removeRunFolder(join(folder, run.name), beforeMs)) removed += 1;
  }
  return removed;
}

/** A folder's time is that of its newest file or use. It goes only when nothing else is in it. */
async function removeRunFolder(path: string, beforeMs: number): Promise<boolean> {
  const facts = await stat(path).catch(ignoreMissing);
  if (facts === undefined || facts.mtimeMs >= beforeMs) return false;
  const names = (await readdir(path).catch(ignoreMissing)) ?? [];
  for (const name of names) {
    if (DATASET_FILE.test(name)) await rm(join(path, name), { force: true });
  }
  return rmdir(path).then(
    () => true,
    () => false,
  );
}

/** Executors share the folder: another one may be removing the same. */
function ignoreMissing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTDIR') throw thrown;
}
