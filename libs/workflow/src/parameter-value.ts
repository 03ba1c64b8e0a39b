import type { ParameterValue } from '@floe/expression';
import { PARAMETER_LENGTH_MAX } from './limits.ts';
import { describeValue } from './describe-value.ts';
import type { ParameterType, PresentValue } from './workflow.ts';

/** A value of the type in its normal form, or what is wrong with it. */
export type ParameterReading =
  | { readonly kind: 'value'; readonly value: PresentValue }
  | { readonly kind: 'problem'; readonly message: string; readonly hint?: string };

/**
 * Reads a value that came as JSON, YAML or text of a command line. Normal forms: integers in decimal digits, floats
 * as JavaScript prints them, dates as `2001-01-31`, datetimes as `2001-01-31T23:59:59.123456`, with a final `Z` when
 * the text named an offset (the value is in UTC then).
 */
export function readParameterValue(type: ParameterType, raw: unknown): ParameterReading {
  const value = READERS[type](raw);
  if (value === undefined) return { kind: 'problem', ...explain(type, raw) };
  return { kind: 'value', value: { kind: type, value } };
}

/** A value that came from a list or a column, as an item of that type; undefined when it is none. */
export function readItemValue(type: ParameterType, raw: unknown): ParameterValue | undefined {
  if (raw === null || raw === undefined) return { kind: 'null' };
  const isText = typeof raw === 'string';
  const written =
    type === 'string' && !isText && typeof raw !== 'object' ? JSON.stringify(raw) : raw;
  const reading = readParameterValue(type, written);
  return reading.kind === 'value' ? reading.value : undefined;
}

const READERS: Readonly<Record<ParameterType, (raw: unknown) => string | undefined>> = {
  string: readString,
  integer: readInteger,
  float: readFloat,
  boolean: readBoolean,
  date: readDate,
  datetime: readDatetime,
};

const RULES: Readonly<Record<ParameterType, string>> = {
  string: 'text of at most 65,536 characters, without the character U+0000',
  integer: 'a whole number from -9223372036854775808 to 9223372036854775807',
  float: 'a number, like 0.5 or 1e-3',
  boolean: 'true or false',
  date: 'a date of the calendar, like 2001-01-31',
  datetime: 'a date and time, like 2001-01-31T23:59:59 or 2001-01-31T23:59:59+01:00',
};

const WHOLE_NUMBER = /^\s*[+-]?\d+\s*$/;

function explain(type: ParameterType, raw: unknown): { message: string; hint?: string } {
  const isAnyWord = type === 'integer' && !WHOLE_NUMBER.test(String(raw));
  const message = `must be ${isAnyWord ? 'a whole number' : RULES[type]}, not ${describeValue(raw)}`;
  if (type === 'string' && typeof raw !== 'string') return { message, hint: 'Put it in quotes.' };
  if (type === 'integer' && typeof raw === 'number' && Number.isInteger(raw)) {
    return { message, hint: 'JSON numbers beyond 2^53 are not exact: send it as text.' };
  }
  return { message };
}

function readString(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.length > PARAMETER_LENGTH_MAX) return undefined;
  return raw.includes('\u0000') || !raw.isWellFormed() ? undefined : raw;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

function readInteger(raw: unknown): string | undefined {
  if (typeof raw === 'number' && !Number.isSafeInteger(raw)) return undefined;
  if (!isOneOf(raw, ['number', 'bigint', 'string'])) return undefined;
  const text = String(raw).trim();
  if (!/^[+-]?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= INT64_MIN && value <= INT64_MAX ? String(value) : undefined;
}

function readFloat(raw: unknown): string | undefined {
  if (!isOneOf(raw, ['number', 'bigint', 'string'])) return undefined;
  const text = String(raw).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : undefined;
}

function readBoolean(raw: unknown): string | undefined {
  const text = typeof raw === 'boolean' ? String(raw) : raw;
  return text === 'true' || text === 'false' ? text : undefined;
}

function readDate(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(raw)) return undefined;
  return instantOf(`${raw}T00:00:00Z`)?.startsWith(raw) ? raw : undefined;
}

const DATETIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,6})?(Z|[+-]\d{2}:?\d{2})?$/;

function readDatetime(raw: unknown): string | undefined {
  const match = typeof raw === 'string' ? DATETIME.exec(raw.trim()) : null;
  if (match === null) return undefined;
  const [, day, minutes, seconds = ':00', fraction = '', offset] = match;
  const local = `${day}T${minutes}${seconds}`;
  if (!instantOf(`${local}Z`)?.startsWith(local)) return undefined;
  if (offset === undefined) return local + fraction;
  const shifted = instantOf(`${local}${withColon(offset)}`);
  return shifted === undefined ? undefined : `${shifted.slice(0, 19)}${fraction}Z`;
}

function withColon(offset: string): string {
  return offset === 'Z' || offset.includes(':')
    ? offset
    : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** The instant in ISO form; undefined when there is none, like month 13. Days that overflow their month move on. */
function instantOf(iso: string): string | undefined {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function isOneOf(value: unknown, types: readonly string[]): boolean {
  return types.includes(typeof value);
}
