import { rename, rm, stat } from 'node:fs/promises';
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

/**
 * Writes a dataset as a file for others. It appears whole under its name, in place of what was there, or not at all.
 * `unique` tells the attempts of one task apart while they write. Returns the bytes of the file.
 * Errors: DATASET_MISSING, FILE_NOT_WRITTEN.
 */
export async function fileFromDataset(
  datasetPaths: string | readonly string[],
  target: { readonly path: string; readonly unique: string },
  options: WriteFileOptions,
): Promise<number> {
  const frame = scanDatasets(datasetPaths);
  const partial = `${target.path}.${target.unique}.partial`;
  try {
    await sink(frame, partial, options).collect();
    const { size } = await stat(partial);
    await rename(partial, target.path);
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
