import { existsSync } from 'node:fs';
import { FloeError } from '@floe/errors';
import pl from 'nodejs-polars';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { literalPath, sinkDataset } from './sink-dataset.ts';

/** Turns a Parquet file into a dataset. Errors: ARGUMENT_INVALID when there is no file; TRANSFORM_FAILED. */
export async function datasetFromParquet(
  parquetPath: string,
  ipcPath: string,
): Promise<DatasetFacts> {
  assertExists(parquetPath);
  return sinkDataset(pl.scanParquet(literalPath(parquetPath)), ipcPath);
}

/** Rows that Polars reads to learn the types of a CSV file's columns; a rare late value may still surprise it. */
const INFERENCE_ROWS = 10_000;

/**
 * Turns a CSV file with a header into a dataset; types and dates are inferred. An empty field is NULL, `""` is the
 * empty text. Errors: ARGUMENT_INVALID when there is no file; TRANSFORM_FAILED.
 */
export async function datasetFromCsv(csvPath: string, ipcPath: string): Promise<DatasetFacts> {
  assertExists(csvPath);
  const options = { inferSchemaLength: INFERENCE_ROWS, parseDates: true };
  return sinkDataset(pl.scanCSV(literalPath(csvPath), options), ipcPath);
}

function assertExists(path: string): void {
  if (!existsSync(path)) throw new FloeError('ARGUMENT_INVALID', `there is no file ${path}`);
}
