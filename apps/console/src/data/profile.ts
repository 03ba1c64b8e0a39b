/** What a preview holds, as executors write it; checked, for it comes from a store. */

export type Cell = string | number | boolean | null | object;

export type ColumnProfile = {
  readonly name: string;
  readonly masked: boolean;
  readonly nulls?: number | undefined;
  readonly distinct?: number | undefined;
  readonly distinctAtLeast?: number | undefined;
  readonly min?: Cell | undefined;
  readonly max?: Cell | undefined;
  readonly mean?: Cell | undefined;
};

export type DatasetProfile = {
  readonly rows: number;
  readonly profiledRows: number;
  readonly columns: readonly ColumnProfile[];
  readonly preview: readonly (readonly Cell[])[];
  readonly parts?: { readonly shown: number; readonly of: number } | undefined;
};

/** The profile of a preview, or undefined for something else. */
export function parseProfile(text: string): DatasetProfile | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { columns, preview, rows, profiledRows, parts } = value as Partial<DatasetProfile>;
  if (!Array.isArray(columns) || !Array.isArray(preview)) return undefined;
  return { columns, preview, rows: Number(rows), profiledRows: Number(profiledRows), parts };
}

export function formatCell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell === null) return 'null';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

export type Bar = { readonly label: string; readonly count: number };

// As many as fit into the width of a small picture.
const BARS_MAX = 12;

/** The values of a column as bars: numbers by size, others by how often they come. Nulls are left out. */
export function histogramOf(cells: readonly Cell[]): readonly Bar[] {
  const values = cells.filter((cell) => cell !== null);
  const numbers = values.flatMap((cell) => (isNumber(cell) ? [Number(cell)] : []));
  if (values.length === 0) return [];
  return numbers.length === values.length ? binNumbers(numbers) : countValues(values);
}

/** Whole numbers and decimals beyond what JSON holds come as text. */
function isNumber(cell: Cell): boolean {
  if (typeof cell === 'number') return Number.isFinite(cell);
  return typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell);
}

function binNumbers(numbers: readonly number[]): readonly Bar[] {
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  if (low === high) return [{ label: String(low), count: numbers.length }];
  const width = (high - low) / BARS_MAX;
  const counts = Array.from({ length: BARS_MAX }, () => 0);
  for (const value of numbers) {
    const at = Math.min(BARS_MAX - 1, Math.floor((value - low) / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    label: `${rounded(low + index * width)} to ${rounded(low + (index + 1) * width)}`,
    count,
  }));
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function countValues(values: readonly Cell[]): readonly Bar[] {
  return [...Map.groupBy(values, formatCell)]
    .map(([label, same]) => ({ label, count: same.length }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, BARS_MAX);
}
