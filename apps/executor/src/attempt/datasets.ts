/** The folder of datasets: `<folder>/<run_id>/<task_id>-<epoch>.ipc`, each file written by one attempt only. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FloeError, isUuid } from '@floe/errors';

const TASK_ID = /^[A-Za-z0-9_-]{1,128}$/;

export type DatasetName = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: bigint;
};

/** Where the dataset of an attempt goes. Throws ARGUMENT_INVALID for ids that could lead elsewhere. */
export function datasetPath(folder: string, { runId, taskId, epoch }: DatasetName): string {
  if (isUuid(runId) && TASK_ID.test(taskId)) return join(folder, runId, `${taskId}-${epoch}.ipc`);
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
