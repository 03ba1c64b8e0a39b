/**
 * The folder of datasets: `<folder>/<run_id>/<task_id>-<epoch>.ipc`, each file written by one attempt only.
 *
 * Files with other names are not ours and stay.
 */
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FloeError } from '@floe/errors';

const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TASK_ID = /^[A-Za-z0-9_-]{1,128}$/;
const DATASET_FILE = /^[A-Za-z0-9_-]{1,128}-\d{1,19}\.ipc(?:\.partial)?$/;

export type DatasetName = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: bigint;
};

/** Where the dataset of an attempt goes. Throws ARGUMENT_INVALID for ids that could lead elsewhere. */
export function datasetPath(folder: string, { runId, taskId, epoch }: DatasetName): string {
  if (RUN_ID.test(runId) && TASK_ID.test(taskId))
    return join(folder, runId, `${taskId}-${epoch}.ipc`);
  throw new FloeError('ARGUMENT_INVALID', `run ${runId}, task ${taskId} make no name of a file`);
}

/** Makes the folder for a dataset. Throws DATASET_STORE_UNAVAILABLE. */
export async function makeRunFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    throw new FloeError('DATASET_STORE_UNAVAILABLE', `${folder} cannot be made: ${reason}`, {
      cause: thrown,
      details: { folder },
      hint: 'check the rights and the free space of FLOE_DATASET_DIR on the executor',
    });
  }
}

/** Removes what an attempt wrote, finished or not. */
export async function removeDataset(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(`${path}.partial`, { force: true })]);
}

// A run that failed on a Friday evening can be taken up on Monday from the task that failed.
export const DATASET_RETENTION_MS = 72 * 3_600_000;
// Runs that one pass looks at; what is left waits for the next.
const FOLDERS_PER_PASS = 10_000;

/** Removes the datasets of runs that have written none since `beforeMs`. Returns how many runs that were. */
export async function removeOldDatasets(folder: string, beforeMs: number): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing);
  const runs = (entries ?? []).filter((entry) => entry.isDirectory() && RUN_ID.test(entry.name));
  let removed = 0;
  for (const run of runs.slice(0, FOLDERS_PER_PASS)) {
    if (await removeRunFolder(join(folder, run.name), beforeMs)) removed += 1;
  }
  return removed;
}

/** A folder's time is that of its newest file. It goes only when nothing else is in it. */
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
  if (thrown.code !== 'ENOENT') throw thrown;
}
