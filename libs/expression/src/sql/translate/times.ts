import type { DataType } from '../../data-type.ts';
import type { Span } from '../../problems.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { MomentKind } from '../sql-syntax.ts';
import { polars, textSyntax } from './template.ts';

const DATE = /^(\d{4})-([01]\d)-([0-3]\d)$/;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/;

const number = (digits: string | undefined, span: Span): Syntax => ({
  kind: 'integer',
  value: String(Number(digits ?? '0')),
  span,
});

/** `DATE '2024-01-31'`; null where the text is none of its kind. */
export function momentSyntax(kind: MomentKind, text: string, span: Span): Syntax | null {
  const [day = '', clock] = kind === 'time' ? ['', text] : text.split(/[ T]/);
  const date = DATE.exec(day);
  const time = CLOCK.exec(clock ?? '');
  const days = (date ?? []).slice(1).map((part) => number(part, span));
  if (kind === 'date') return date && clock === undefined ? polars('date(_all)', span, days) : null;
  if (time === null) return null;
  const micros = (time[4] ?? '').padEnd(6, '0').slice(0, 6);
  const clocks = [time[1], time[2], time[3], micros].map((part) => number(part, span));
  if (kind === 'time') return polars('time(_all)', span, clocks);
  return date && polars('datetime(_all)', span, [...days, ...clocks]);
}

/**
 * Text beside a column of dates or times is one, too: `day >= '2024-01-31'`. Null where the text does not look like it,
 * or the column is none.
 */
export function momentLike(type: DataType | undefined, text: string, span: Span): Syntax | null {
  if (type?.kind === 'date') return momentSyntax('date', text, span);
  if (type?.kind === 'time') return momentSyntax('time', text, span);
  if (type?.kind !== 'datetime') return null;
  const full = DATE.test(text) ? `${text} 00:00:00` : text;
  const moment = momentSyntax('timestamp', full, span);
  if (moment === null || type.timezone === null) return moment;
  const value = polars('pl.lit(_1)', span, [textSyntax(full.replace(' ', 'T'), span)]);
  const template = '_1.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", time_zone=_2)';
  return polars(template, span, [value, textSyntax(type.timezone, span)]);
}

const UNITS: readonly (readonly [pattern: RegExp, unit: string, microseconds: number | null])[] = [
  [/^(?:y|years?)$/, 'y', null],
  [/^(?:q|quarters?)$/, 'q', null],
  [/^(?:mo|mons?|months?)$/, 'mo', null],
  [/^(?:w|weeks?)$/, 'w', 604_800_000_000],
  [/^(?:d|days?)$/, 'd', 86_400_000_000],
  [/^(?:h|hours?)$/, 'h', 3_600_000_000],
  [/^(?:m|mins?|minutes?)$/, 'm', 60_000_000],
  [/^(?:s|secs?|seconds?)$/, 's', 1_000_000],
  [/^(?:ms|milliseconds?)$/, 'ms', 1_000],
  [/^(?:us|microseconds?)$/, 'us', 1],
];

export type Interval = {
  /** As Polars writes lengths of time: `1mo2d`. */
  readonly text: string;
  /** null: months are not all of one length. */
  readonly microseconds: number | null;
};

/** `1 year 2 days`; null where the text is no length of time. */
export function readInterval(text: string): Interval | null {
  const parts = [...text.toLowerCase().matchAll(/(\d+)\s*([a-z]+)/g)];
  const rest = text
    .toLowerCase()
    .replaceAll(/(\d+)\s*([a-z]+)/g, '')
    .replaceAll(/[\s,]/g, '');
  if (parts.length === 0 || rest !== '') return null;
  let written = '';
  let microseconds: number | null = 0;
  for (const [, count, name = ''] of parts) {
    const unit = UNITS.find(([pattern]) => pattern.test(name));
    if (unit === undefined) return null;
    written += `${count}${unit[1]}`;
    microseconds =
      microseconds === null || unit[2] === null ? null : microseconds + Number(count) * unit[2];
  }
  return { text: written, microseconds };
}
