import pl from 'nodejs-polars';
import type { DataType, Schema } from '../src/index.ts';
import type { Lazy } from './execute-plan.ts';

const column = (name: string, kind: 'int64' | 'float64' | 'boolean' | 'string') => ({
  name,
  type: { kind } satisfies DataType,
});

/** The frames of golden/record.py. */
export const SAMPLE_SCHEMAS: { readonly raw: Schema; readonly other: Schema } = {
  raw: [
    column('i', 'int64'),
    column('j', 'int64'),
    column('f', 'float64'),
    column('b', 'boolean'),
    column('s', 'string'),
    column('d', 'string'),
    column('g', 'string'),
  ],
  other: [column('g', 'string'), column('v', 'int64')],
};

export function sampleFrames(): { readonly raw: Lazy; readonly other: Lazy } {
  const raw = pl.DataFrame([
    pl.Series('i', [1, 2, null, 4], pl.Int64),
    pl.Series('j', [10, -5, 7, null], pl.Int64),
    pl.Series('f', [1.5, -2.25, null, 0.5], pl.Float64),
    pl.Series('b', [true, false, null, true], pl.Bool),
    pl.Series('s', ['Anna', 'bob ', null, ''], pl.Utf8),
    pl.Series('d', ['2024-01-31', '2023-12-25', null, '2024-02-29'], pl.Utf8),
    pl.Series('g', ['x', 'y', 'x', 'y'], pl.Utf8),
  ]);
  const other = pl.DataFrame([
    pl.Series('g', ['x', 'z', 'x'], pl.Utf8),
    pl.Series('v', [1, 2, 3], pl.Int64),
  ]);
  return { raw: raw.lazy(), other: other.lazy() };
}
