import type { Span } from '../../problems.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { polars } from './template.ts';

/** Parts of dates and times under all the names that the SQL of Polars has for them. */
const PARTS: readonly (readonly [names: string, template: string])[] = [
  ['millennium millennia', '_1.dt.millennium()'],
  ['century centuries c', '_1.dt.century()'],
  ['decade decades', '_1.dt.year() // pl.lit(10, dtype=pl.Int32)'],
  ['isoyear', '_1.dt.iso_year()'],
  ['year years y', '_1.dt.year()'],
  ['quarter quarters', '_1.dt.quarter()'],
  ['month months mon mons', '_1.dt.month()'],
  ['dayofyear doy', '_1.dt.ordinal_day()'],
  [
    'dayofweek dow',
    'pl.when(_1.dt.weekday() == pl.lit(7, dtype=pl.Int8)).then(pl.lit(0, dtype=pl.Int8)).otherwise(_1.dt.weekday())',
  ],
  ['isoweek week weeks', '_1.dt.week()'],
  ['isodow', '_1.dt.weekday()'],
  ['day days dayofmonth d', '_1.dt.day()'],
  ['hour hours h', '_1.dt.hour()'],
  ['minute minutes mins min m', '_1.dt.minute()'],
  ['second seconds sec secs s', '_1.dt.second()'],
  [
    'millisecond milliseconds ms',
    '(_1.dt.second() * pl.lit(1000.0, dtype=pl.Float64)) + _1.dt.nanosecond() / pl.lit(1000000.0, dtype=pl.Float64)',
  ],
  [
    'microsecond microseconds us',
    '(_1.dt.second() * pl.lit(1000000.0, dtype=pl.Float64)) + _1.dt.nanosecond() / pl.lit(1000.0, dtype=pl.Float64)',
  ],
  ['time', '_1.dt.time()'],
];

const BY_NAME: ReadonlyMap<string, string> = new Map(
  PARTS.flatMap(([names, template]) => names.split(' ').map((name) => [name, template] as const)),
);

/** Polars' SQL has them, and no expression of a catalogue gives the same. */
export const UNFOLLOWED_PARTS: ReadonlySet<string> = new Set(
  'epoch nanosecond nanoseconds ns timezone'.split(' '),
);

/** `EXTRACT(year FROM d)`; null for a part that is not there. */
export function datePart(part: string, of: Syntax, span: Span): Syntax | null {
  const template = BY_NAME.get(part.toLowerCase());
  return template === undefined ? null : polars(template, span, [of]);
}
