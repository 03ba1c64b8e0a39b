import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FloeError, saidOf } from '@floe/errors';
import type { LazyDataFrame } from 'nodejs-polars';
import { scanDatasets } from '../polars/sink-dataset.ts';
import { diskTrouble } from './disk-trouble.ts';
import type { FileCompression, FileFormat } from './file-format.ts';

export type WriteFileOptions = {
  readonly format: FileFormat;
  readonly compression: FileCompression;
  /** Of CSV; one character. */
  readonly separator?: string;
};

export type WriteTarget = {
  readonly path: string;
  readonly runId: string;
  /** Of the attempt: later ones have higher epochs. */
  readonly epoch: number;
};

/**
 * Writes a dataset as a file for others. It appears whole under its name, in place of what was there, or not at all.
 * What earlier attempts of the run left behind goes first: one that is still at it finds nothing to put in place.
 * Returns the bytes of the file.
 * Errors: DATASET_MISSING, FILE_NOT_WRITTEN.
 */
export async function fileFromDataset(
  datasetPaths: string | readonly string[],
  target: WriteTarget,
  options: WriteFileOptions,
): Promise<number> {
  const frame = scanDatasets(datasetPaths);
  const partial = `${target.path}.${target.runId}-${target.epoch}.partial`;
  try {
    await removeEarlier(target);
    await sink(frame, partial, options).collect();
    const { size } = await stat(partial);
    await rename(partial, target.path);
    await syncFolder(dirname(target.path));
    return size;
  } catch (thrown) {
    await rm(partial, { force: true });
    const trouble = diskTrouble(thrown);
    const said = saidOf(thrown);
    const message = `${target.path} cannot be written: ${trouble?.reason ?? said}`;
    throw new FloeError('FILE_NOT_WRITTEN', message, {
      cause: thrown,
      details: { file: target.path },
      ...(trouble !== undefined && { hint: 'make room there, or write to another folder' }),
    });
  }
}

async function removeEarlier({ path, runId, epoch }: WriteTarget): Promise<void> {
  const [folder, begin] = [dirname(path), `${basename(path)}.${runId}-`];
  for (const name of await readdir(folder)) {
    const [, earlier] = name.startsWith(begin) ? (/-(\d+)\.partial$/.exec(name) ?? []) : [];
    if (earlier !== undefined && Number(earlier) < epoch)
      await rm(join(folder, name), { force: true });
  }
}

/** So that the new name outlives a power cut as its content does. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Not every file system can; the file is in place all the same.
  }
}

function sink(frame: LazyDataFrame, path: string, options: WriteFileOptions): LazyDataFrame {
  const { format, compression, separator } = options;
  // The name ends in `.partial`, which says nothing of the format.
  const packed = {
    compression: compression === 'none' ? ('uncompressed' as const) : compression,
    checkExtension: false,
    syncOnClose: 'data' as const,
  };
  switch (format) {
    case 'csv':
      return frame.sinkCSV(path, { ...packed, ...(separator !== undefined && { separator }) });
    case 'ndjson':
      return frame.sinkNdJson(path, packed);
    case 'parquet':
      return frame.sinkParquet(path, { compression: 'zstd', syncOnClose: 'data' });
    case 'arrow':
      return frame.sinkIpc(path, { compression: 'uncompressed', syncOnClose: 'data' });
  }
}
