import { FloeError } from '@floe/errors';
import { IpcFileReader } from './ipc-file-reader.ts';
import { previewValue, type PreviewValue } from './preview-value.ts';

/**
 * The values of one column in some rows of a dataset, as JSON-safe values, in the order asked for. Reads batch by
 * batch. Errors: DATASET_MISSING; COLUMN_MISMATCH when there is no such column.
 */
export async function readColumnRows(
  path: string,
  column: string,
  rows: readonly number[],
): Promise<readonly PreviewValue[]> {
  await using reader = await IpcFileReader.open(path);
  const position = reader.schema.findIndex(({ name }) => name === column);
  if (position === -1) {
    throw new FloeError('COLUMN_MISMATCH', `the dataset has no column "${column}"`, {
      details: { column },
    });
  }
  const places = new Map(rows.map((row, place) => [row, place]));
  const values: PreviewValue[] = rows.map(() => null);
  let first = 0;
  for await (const batch of reader.batches()) {
    for (let row = 0; row < batch.rows; row += 1) {
      const place = places.get(first + row);
      if (place !== undefined) values[place] = previewValue(batch.columns[position]!, row);
    }
    first += batch.rows;
  }
  return values;
}
