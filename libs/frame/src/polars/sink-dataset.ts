import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { contentHash } from '@floe/datasets/content-hash';
import { assert, FloeError, saidOf } from '@floe/errors';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { IpcFileReader } from '../arrow/ipc-file-reader.ts';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { diskTrouble, notStored } from '../files/disk-trouble.ts';
import type { Optimizations } from './optimizations.ts';

// Far more than a thread of Polars needs to get its turn, and nothing beside a task that has failed.
const LATE_WRITER_MS = 50;

/** Polars reads a path as a pattern: its special characters stand for themselves inside of brackets. */
export function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

export function scanDataset(path: string): LazyDataFrame {
  if (!existsSync(path))
    throw new FloeError('DATASET_MISSING', `the dataset ${path} is gone`, {
      hint: 'run the upstream task again',
    });
  return pl.scanIPC(literalPath(path));
}

/** The rows of all files, one after the other. */
export function scanDatasets(paths: string | readonly string[]): LazyDataFrame {
  const [first, ...others] = typeof paths === 'string' ? [paths] : paths;
  assert(first !== undefined, 'a dataset has at least one file');
  if (others.length === 0) return scanDataset(first);
  return pl.concat([first, ...others].map(scanDataset), { how: 'vertical' });
}

export type SinkOptions = {
  readonly optimizations?: Optimizations;
  /** Whether all rows are made before the first one is written. */
  readonly inMemory?: boolean;
};

/**
 * Writes the frame to another name, synced, and moves it into place.
 * Errors: TRANSFORM_FAILED; DATASET_STORE_UNAVAILABLE where the disk takes no more.
 */
export async function sinkDataset(
  frame: LazyDataFrame,
  path: string,
  { optimizations, inMemory = false }: SinkOptions = {},
): Promise<DatasetFacts> {
  const partialPath = `${path}.partial`;
  try {
    const rows = inMemory ? (await frame.collect(optimizations)).lazy() : frame;
    await rows
      .sinkIpc(partialPath, { compression: 'uncompressed', syncOnClose: 'none' })
      .collect(inMemory ? undefined : optimizations);
  } catch (thrown) {
    await removePartial(partialPath);
    throw diskTrouble(thrown) === undefined ? polarsFailed(thrown) : notStored(path, thrown);
  }
  try {
    // What the disk takes to keep the bytes is time to read them once for the hash.
    const looks = [readDatasetFacts(partialPath), contentHash(partialPath)] as const;
    const [facts, hash] = await Promise.all([...looks, syncData(partialPath)]);
    await rename(partialPath, path);
    return { ...facts, hash };
  } catch (thrown) {
    await rm(partialPath, { force: true });
    throw thrown instanceof FloeError ? thrown : notStored(path, thrown);
  }
}

async function syncData(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.datasync();
}

/** A writer of Polars may open its file only after the query has failed. What is missed goes with the run's folder. */
async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true });
  await setTimeout(LATE_WRITER_MS);
  await rm(path, { force: true });
}

/** Writes the frame, which fits the memory, as a file that may be lost. */
export async function writeSmall(
  frame: LazyDataFrame,
  path: string,
  optimizations?: Optimizations,
): Promise<void> {
  try {
    const rows = await frame.collect(optimizations);
    rows.writeIPC(path, { compression: 'uncompressed' });
  } catch (thrown) {
    throw polarsFailed(thrown);
  }
}

function polarsFailed(thrown: unknown): FloeError {
  const reason = saidOf(thrown);
  return new FloeError('TRANSFORM_FAILED', `Polars failed: ${reason}`, { cause: thrown });
}

/** Rows, size and schema of a dataset, without reading its values. Errors: DATASET_MISSING. */
export async function readDatasetFacts(path: string): Promise<DatasetFacts> {
  await using reader = await IpcFileReader.open(path);
  return { rows: await reader.countRows(), bytes: reader.bytes, schema: reader.schema };
}

/** NULLs in a column of a dataset whose columns are not nested, without reading its values. Errors: DATASET_MISSING. */
export async function countNulls(path: string, column: string): Promise<number> {
  await using reader = await IpcFileReader.open(path);
  return await reader.countNulls(reader.fields.findIndex(({ name }) => name === column));
}
