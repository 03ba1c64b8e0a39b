import { IpcFileReader } from './ipc-file-reader.ts';
import { type PreviewValue, previewValue } from './preview-value.ts';

/** The values of one row, counted from 1, by column; undefined when there is no such row. Errors: DATASET_MISSING. */
export async function readRow(
  path: string,
  row: number,
): Promise<Readonly<Record<string, PreviewValue>> | undefined> {
  await using reader = await IpcFileReader.open(path);
  let rows = 0;
  for await (const batch of reader.batches()) {
    const index = row - 1 - rows;
    rows += batch.rows;
    if (index < 0 || index >= batch.rows) continue;
    const values = batch.columns.map(
      (column) => [column.field.name, previewValue(column, index)] as const,
    );
    return Object.fromEntries(values);
  }
  return undefined;
}
