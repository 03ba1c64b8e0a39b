import { assert } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { IpcFileReader } from './ipc-file-reader.ts';
import { MAX_PREVIEW_ROWS } from './preview-limit.ts';
import { type PreviewValue, previewValue } from './preview-value.ts';

export type DatasetPreview = {
  readonly schema: Schema;
  /** Values in the order of the schema. */
  readonly rows: readonly (readonly PreviewValue[])[];
};

/**
 * The first rows of a dataset as JSON-safe values. `limit` is 0 to MAX_PREVIEW_ROWS. `shorten` is asked for each value as
 * it is read, so that long ones are never in memory together. Errors: DATASET_MISSING.
 */
export async function previewDataset(
  path: string,
  limit: number,
  shorten: (value: PreviewValue) => PreviewValue = (value) => value,
): Promise<DatasetPreview> {
  assert(limit >= 0 && limit <= MAX_PREVIEW_ROWS, `a preview has at most ${MAX_PREVIEW_ROWS} rows`);
  await using reader = await IpcFileReader.open(path);
  const rows: PreviewValue[][] = [];
  for await (const batch of reader.batches()) {
    const count = Math.min(batch.rows, limit - rows.length);
    for (let row = 0; row < count; row += 1)
      rows.push(batch.columns.map((column) => shorten(previewValue(column, row))));
    if (rows.length >= limit) break;
  }
  return { schema: reader.schema, rows };
}

/** The columns of a dataset. Errors: DATASET_MISSING. */
export async function datasetSchema(path: string): Promise<Schema> {
  await using reader = await IpcFileReader.open(path);
  return reader.schema;
}
