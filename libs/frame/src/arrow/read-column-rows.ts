import { FloeError } from '@floe/errors';
import { previewValue, type PreviewValue } from './preview-value.ts';
import { readFiles } from './read-files.ts';

/**
 * The values of one column in some rows of a dataset, counted from 0 over all of its files, as JSON-safe values, in the
 * order asked for. Reads batch by batch. Errors: DATASET_MISSING; COLUMN_MISMATCH when there is no such column.
 */
export async function readColumnRows(
  paths: readonly string[],
  column: string,
  rows: readonly number[],
): Promise<readonly PreviewValue[]> {
  const places = new Map(rows.map((row, place) => [row, place]));
  const values: PreviewValue[] = rows.map(() => null);
  let first = 0;
  for await (const batch of readFiles(paths)) {
    const position = batch.columns.findIndex(({ field }) => field.name === column);
    if (position === -1) throw noSuchColumn(column);
    for (let row = 0; row < batch.rows; row += 1) {
      const place = places.get(first + row);
      if (place !== undefined) values[place] = previewValue(batch.columns[position]!, row);
    }
    first += batch.rows;
  }
  return values;
}

function noSuchColumn(column: string): FloeError {
  return new FloeError('COLUMN_MISMATCH', `the dataset has no column "${column}"`, {
    details: { column },
  });
}
