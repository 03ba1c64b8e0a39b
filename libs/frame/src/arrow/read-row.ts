import { type PreviewValue, previewValue } from './preview-value.ts';
import { readFiles } from './read-files.ts';

/**
 * The values of one row of a dataset, counted from 1 over all of its files, by column; undefined when there is no such row.
 * Errors: DATASET_MISSING.
 */
export async function readRow(
  paths: readonly string[],
  row: number,
): Promise<Readonly<Record<string, PreviewValue>> | undefined> {
  let rows = 0;
  for await (const batch of readFiles(paths)) {
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

/**
 * The number, from 1, of the first row whose values in some columns read so, with a comma between them and `null` for
 * NULL; undefined when there is none. Errors: DATASET_MISSING.
 */
export async function findRow(
  paths: readonly string[],
  columns: readonly string[],
  values: string,
): Promise<number | undefined> {
  let rows = 0;
  for await (const batch of readFiles(paths)) {
    const places = columns.map((name) =>
      batch.columns.findIndex(({ field }) => field.name === name),
    );
    for (let row = 0; row < batch.rows; row += 1) {
      const texts = places.map((place) => asText(previewValue(batch.columns[place]!, row)));
      if (texts.join(', ') === values) return rows + row + 1;
    }
    rows += batch.rows;
  }
  return undefined;
}

function asText(value: PreviewValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
