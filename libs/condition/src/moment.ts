const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATETIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6}))?(Z|[+-]\d{2}:\d{2})?$/;

/** Whether it is a day of the calendar, written like 2026-01-31. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/**
 * Microseconds since 1970; undefined for what is no date and time. A clock time without a zone counts as UTC, so that
 * all moments have one order.
 */
export function momentOf(text: string): bigint | undefined {
  const [, day = '', time = '', fraction = '', zone = 'Z'] = DATETIME.exec(text) ?? [];
  if (!isDate(day)) return undefined;
  const ms = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000n + BigInt(fraction.padEnd(6, '0'));
}
