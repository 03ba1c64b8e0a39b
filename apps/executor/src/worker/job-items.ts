import { readItems, type DatasetReference, type ItemRows } from '@floe/tasks/run';
import type { Job } from './messages.ts';

/** The items of an attempt with their values, read where they are: some come with the lease, some are rows. */
export async function itemsOf({ items, itemRows }: Job): Promise<Job['items']> {
  if (itemRows === undefined) return items;
  const rows: ItemRows = {
    dataset: JSON.parse(itemRows.datasetJson) as DatasetReference,
    column: itemRows.column,
    type: itemRows.type as ItemRows['type'],
  };
  const indexes = items.map(({ index }) => index);
  const read = await readItems(rows, indexes);
  return read.map(({ index, value }) => ({ index, valueJson: JSON.stringify(value) }));
}
