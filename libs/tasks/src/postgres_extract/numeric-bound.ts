/**
 * Bounds for numeric columns that let every row pass that Polars chooses.
 *
 * Polars compares a decimal with an integer exactly. With a float it turns the decimal into a float:
 *
 *   F1. Up to fifteen digits this gives the nearest float, which is another one for each decimal and keeps their order:
 *       the comparison is that with the shortest decimal that the float stands for.
 *   F2. Longer decimals within a few units of the last place count as equal: the bound moves out by more than that.
 */
import type { Comparison } from '@floe/expression';

/** A condition on a column: it compares with the text of a numeric. */
export type NumericBound = { readonly operator: Comparison; readonly text: string };

/** Eight units in the last place of a double; the conversion of a decimal errs by two. */
const SLACK = 2 ** -50;
/** F1: so many digits survive the way through a double. */
const EXACT_DIGITS = 15;
/** Between these a double is written without an exponent. */
const FLOAT_MAX = 1e21;
const FLOAT_MIN = 1e-6;
/** They say the smallest bound closer than the slack. */
const FRACTION_DIGITS = 30;

/**
 * The bounds for a column of so many digits, all of which hold for the rows that Polars chooses; undefined where nothing
 * can be said of them.
 */
export function boundsOfFloat(
  operator: Comparison,
  value: number,
  precision: number,
): readonly NumericBound[] | undefined {
  const size = Math.abs(value);
  if (!(size < FLOAT_MAX) || (value !== 0 && size < FLOAT_MIN)) return undefined;
  if (precision <= EXACT_DIGITS) return [{ operator, text: String(value + 0) }];
  const upper = { operator: 'le', text: (value + size * SLACK).toFixed(FRACTION_DIGITS) } as const;
  const lower = { operator: 'ge', text: (value - size * SLACK).toFixed(FRACTION_DIGITS) } as const;
  switch (operator) {
    case 'lt':
    case 'le':
      return [upper];
    case 'gt':
    case 'ge':
      return [lower];
    case 'eq':
      return [lower, upper];
    case 'ne':
      return undefined;
  }
}
