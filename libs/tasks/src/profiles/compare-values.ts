import type { DataType } from '@floe/expression';

/** What the values of columns that are in order look like in a preview. */
export type OrderedValue = string | number;

/** Which of two values of a column comes first, as Polars sorts the values that these previews are of. */
export function compareValues(type: DataType, a: OrderedValue, b: OrderedValue): number {
  switch (type.kind) {
    case 'string':
      return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
    case 'date':
    case 'datetime':
    case 'time':
      return compareInstants(String(a), String(b));
    case 'float32':
    case 'float64':
      return Number(a) - Number(b);
    default:
      return compareNumbers(String(a), String(b));
  }
}

/** Whole numbers, decimals and durations of seconds, exactly. */
function compareNumbers(a: string, b: string): number {
  const digits = Math.max(digitsBehindPoint(a), digitsBehindPoint(b));
  return compare(scaled(a, digits), scaled(b, digits));
}

const NUMBER = /^(-?\d+)(?:\.(\d+))?/;

function digitsBehindPoint(text: string): number {
  return NUMBER.exec(text)?.[2]?.length ?? 0;
}

function scaled(text: string, digits: number): bigint {
  const [, whole = '0', fraction = ''] = NUMBER.exec(text) ?? [];
  return BigInt(whole + fraction.padEnd(digits, '0'));
}

/** ISO 8601 sorts as text, save for years before 0 and beyond 9999, and the zone behind a fraction. */
function compareInstants(a: string, b: string): number {
  const [left, right] = [splitYear(a), splitYear(b)];
  return compare(left.year, right.year) || compare(left.rest, right.rest);
}

const DAYS_PER_YEAR = 365.2425;

function splitYear(text: string): { readonly year: number; readonly rest: string } {
  // What no calendar of JavaScript holds is told in days.
  const days = /^day (-?\d+) /.exec(text);
  if (days !== null) return { year: Number(days[1]) / DAYS_PER_YEAR, rest: '' };
  const [, year = '0', rest = text] = /^([+-]?\d+)-(.*)$/.exec(text) ?? [];
  return { year: Number(year), rest: rest.replace(/Z$/, '') };
}

function compare<Value extends number | bigint | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
