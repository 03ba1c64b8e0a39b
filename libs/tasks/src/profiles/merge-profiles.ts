/**
 * What people are shown of a dataset that several attempts made, from what each attempt showed of its part.
 *
 * Counts add up, the least of minima is the minimum, means are weighed by the values they are of. Distinct values do not
 * add up, for parts may share them: of several parts only a lower bound is told.
 */
import type { DataType } from '@floe/expression';
import { MAX_PREVIEW_ROWS } from '@floe/frame/preview';
import { compareValues, type OrderedValue } from './compare-values.ts';
import type { ColumnProfile, DatasetProfile } from './dataset-profile.ts';

/** The profile of the whole; `parts` are those that there are, in order, of `count`. */
export function mergeProfiles(parts: readonly DatasetProfile[], count: number): DatasetProfile {
  const sum = (of: (part: DatasetProfile) => number) =>
    parts.reduce((total, part) => total + of(part), 0);
  const filled = parts.filter(({ rows }) => rows > 0);
  const [first] = filled.length > 0 ? filled : parts;
  return {
    rows: sum(({ rows }) => rows),
    profiledRows: sum(({ profiledRows }) => profiledRows),
    columns: (first?.columns ?? []).map((column, index) => mergeColumn(column, filled, index)),
    preview: parts.flatMap(({ preview }) => preview).slice(0, MAX_PREVIEW_ROWS),
    parts: { shown: parts.length, of: count },
  };
}

/** A column of one part, and of how many rows what is told of it is. */
type Piece = { readonly column: ColumnProfile; readonly profiledRows: number };

function mergeColumn(
  column: ColumnProfile,
  filled: readonly DatasetProfile[],
  index: number,
): ColumnProfile {
  const { name, type, masked } = column;
  const pieces = filled.flatMap(({ columns, profiledRows }): Piece[] => {
    const own = columns[index];
    return own === undefined ? [] : [{ column: own, profiledRows }];
  });
  if (pieces.length < 2) return column;
  return {
    name,
    type,
    masked,
    ...(column.nulls !== undefined && { nulls: sumOf(pieces, ({ nulls = 0 }) => nulls) }),
    ...distinctOf(pieces),
    ...extremes(type, pieces),
    ...meanOf(pieces),
  };
}

function sumOf(pieces: readonly Piece[], of: (column: ColumnProfile) => number): number {
  return pieces.reduce((total, piece) => total + of(piece.column), 0);
}

function distinctOf(pieces: readonly Piece[]): Pick<ColumnProfile, 'distinctAtLeast'> {
  const counts = pieces.flatMap(({ column }) => column.distinct ?? []);
  return counts.length === 0 ? {} : { distinctAtLeast: Math.max(...counts) };
}

function extremes(type: DataType, pieces: readonly Piece[]): Pick<ColumnProfile, 'min' | 'max'> {
  const least = extreme(pieces, 'min', (a, b) => compareValues(type, a, b));
  const most = extreme(pieces, 'max', (a, b) => compareValues(type, b, a));
  return {
    ...(least !== undefined && { min: least }),
    ...(most !== undefined && { max: most }),
  };
}

/** Null where no part has a value; undefined where nothing is told of the column. */
function extreme(
  pieces: readonly Piece[],
  which: 'min' | 'max',
  compare: (a: OrderedValue, b: OrderedValue) => number,
): OrderedValue | null | undefined {
  const told = pieces.flatMap(({ column }) => (which in column ? [column[which] ?? null] : []));
  if (told.length === 0) return undefined;
  const values = told.filter((value) => typeof value === 'string' || typeof value === 'number');
  // NaN is neither the least nor the most as long as there is any number.
  const numbers = values.filter((value) => value !== 'NaN');
  return (numbers.length > 0 ? numbers : values).toSorted(compare)[0] ?? null;
}

function meanOf(pieces: readonly Piece[]): Pick<ColumnProfile, 'mean'> {
  const told = pieces.filter(({ column }) => 'mean' in column);
  if (told.length === 0) return {};
  let [weight, total] = [0, 0];
  for (const { column, profiledRows } of told) {
    const { mean, nulls = 0 } = column;
    if (mean === null || mean === undefined) continue;
    weight += profiledRows - nulls;
    total += (profiledRows - nulls) * Number(mean);
  }
  if (weight === 0) return { mean: null };
  const mean = total / weight;
  return { mean: Number.isFinite(mean) ? mean : String(mean) };
}
