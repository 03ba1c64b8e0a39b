import { tableWidth, type Cell, type Column } from './table.ts';

export type OutputColumn = Column & {
  /** Only in `wide`. */
  readonly isWide?: boolean;
  /** Left out, the last of them first, where a table is wider than the terminal of a person. */
  readonly yields?: boolean;
};

type Table = {
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly (readonly Cell[])[];
};

/** What is shown of a table, and how many columns are left out for want of room. */
export type FittingTable = Table & { readonly leavesOut: number };

/** Without what is only shown in `wide`; and without what yields, from the right on, until the rest fits into the width. */
export function fitTable({ columns, rows }: Table, width: number): FittingTable {
  const shown = new Set([...columns.keys()].filter((index) => columns[index]?.isWide !== true));
  const of = <Part>(parts: readonly Part[]) => parts.filter((_, index) => shown.has(index));
  const yielding = [...shown].filter((index) => columns[index]?.yields === true);
  let leavesOut = 0;
  while (tableWidth(of(columns), rows.map(of)) > width) {
    const next = yielding.pop();
    if (next === undefined) break;
    shown.delete(next);
    leavesOut += 1;
  }
  return { columns: of(columns), rows: rows.map(of), leavesOut };
}
