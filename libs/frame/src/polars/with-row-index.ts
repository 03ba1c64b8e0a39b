import pl, { type LazyDataFrame } from 'nodejs-polars';

/**
 * The number of each row as the first column. A selection stands between the file and the numbers: Polars (nodejs-polars
 * 0.26.1, Python's 2.1.0 too) remembers the name of the first numbers with the file, and fails when the same frame is
 * numbered once more under another name.
 */
export function withRowIndex(frame: LazyDataFrame, name: string, offset = 0): LazyDataFrame {
  return frame.select(pl.all()).withRowIndex(name, offset);
}
