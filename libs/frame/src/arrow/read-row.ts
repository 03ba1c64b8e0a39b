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

/**
 * The number, from 1, of the first row whose values in some columns read so, with a comma between them and `null` for
 * NULL; undefined when there is none. Errors: DATASET_MISSING.
 */
export async function findRow(
  path: string,
  columns: readonly string[],
  values: string,
): Promise<number | undefined> {
  await using reader = await IpcFileReader.open(path);
  const places = columns.map((name) => reader.schema.findIndex((each) => each.name === name));
  let rows = 0;
  for await (const batch of reader.batches()) {
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
