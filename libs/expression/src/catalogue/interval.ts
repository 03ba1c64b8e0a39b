import type { Json } from '../json.ts';

/** A length of time as Polars writes it in text: `1d`, `1mo2w`, `-3h`, `10i` for an integer index. */
const FORM = /^(-?)((?:\d+(?:ns|us|ms|mo|s|m|h|d|w|q|y|i))+)$/;
const PART = /(\d+)(ns|us|ms|mo|s|m|h|d|w|q|y|i)/g;

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  i: 1n,
};
const MONTHS: Readonly<Record<string, bigint>> = { mo: 1n, q: 3n, y: 12n };

export function isInterval(text: string): boolean {
  return FORM.test(text);
}

/** The form in which Polars' expressions hold a length of time. */
export function intervalJson(text: string): Json {
  const [, sign = '', body = ''] = FORM.exec(text) ?? [];
  const sums = { months: 0n, weeks: 0n, days: 0n, nsecs: 0n };
  for (const [, digits = '0', unit = ''] of body.matchAll(PART)) {
    const count = BigInt(digits);
    if (unit === 'd') sums.days += count;
    else if (unit === 'w') sums.weeks += count;
    else if (Object.hasOwn(MONTHS, unit)) sums.months += count * (MONTHS[unit] ?? 0n);
    else sums.nsecs += count * (NANOSECONDS[unit] ?? 0n);
  }
  return { ...sums, negative: sign === '-', parsed_int: body.endsWith('i') };
}

/** Python's timedelta means the same in these places. */
export function intervalOfMicroseconds(microseconds: string): string {
  return microseconds.startsWith('-') ? `-${microseconds.slice(1)}us` : `${microseconds}us`;
}
