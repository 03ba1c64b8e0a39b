import { IpcFileReader, type RecordBatch } from './ipc-file-reader.ts';

/**
 * The record batches of the files of one dataset, one file after the other: one file is open, and one batch in memory, at
 * a time. A batch is good until the next one is asked for. Errors: DATASET_MISSING.
 */
export async function* readFiles(
  paths: readonly string[],
): AsyncGenerator<RecordBatch, void, undefined> {
  for (const path of paths) {
    await using reader = await IpcFileReader.open(path);
    yield* reader.batchesInPlace();
  }
}
