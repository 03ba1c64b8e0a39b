import { isList, isRecord, type Json, type JsonRecord } from './json.ts';
import { checkStorable } from './check-storable.ts';

/**
 * Extended JSON of MongoDB, version 1 or 2, as plain JSON: ids and decimals become texts, times ISO 8601, numbers numbers
 * where they are safe. Throws DOCUMENT_INVALID for what `checkStorable` refuses.
 */
export function plainJson(value: unknown): Json {
  checkStorable(value);
  return plain(value as Json);
}

function plain(value: Json): Json {
  if (isList(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  const special = wrapped(value);
  if (special !== undefined) return special;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

/** What an object like {"$oid": "..."} stands for; undefined when it is no such object. */
function wrapped(record: JsonRecord): Json | undefined {
  const [first, second, ...more] = Object.keys(record);
  if (first === undefined || !first.startsWith('$') || more.length > 0) return undefined;
  const inner = record[first] ?? null;
  if (second === undefined) return Object.hasOwn(ALONE, first) ? ALONE[first]?.(inner) : undefined;
  if (first === '$binary' && typeof inner === 'string') return inner;
  if (first === '$regex') return `/${textOf(inner)}/${textOf(record['$options'] ?? '')}`;
  return undefined;
}

const ALONE: Readonly<Record<string, (inner: Json) => Json | undefined>> = {
  $oid: asText,
  $symbol: asText,
  $code: asText,
  $uuid: asText,
  $numberDecimal: asText,
  $numberInt: asNumber,
  $numberLong: asNumber,
  $numberDouble: asNumber,
  $date: asTime,
  $undefined: () => null,
  $minKey: () => '$minKey',
  $maxKey: () => '$maxKey',
  $timestamp: (inner) => (isRecord(inner) ? asTime(Number(inner['t']) * 1000) : undefined),
  $binary: (inner) => (isRecord(inner) ? asText(inner['base64'] ?? null) : asText(inner)),
  $regularExpression: (inner) =>
    isRecord(inner)
      ? `/${textOf(inner['pattern'] ?? '')}/${textOf(inner['options'] ?? '')}`
      : undefined,
};

function asText(inner: Json): Json | undefined {
  return typeof inner === 'string' ? inner : undefined;
}

/** Beyond 2^53, and where it is no number of JSON, the digits are kept as they are. */
function asNumber(inner: Json): Json | undefined {
  if (typeof inner === 'number') return inner;
  if (typeof inner !== 'string') return undefined;
  const number = Number(inner);
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isExact && inner.trim() !== '' ? number : inner;
}

/** The farthest instants that ECMAScript has, in milliseconds from 1970. */
const INSTANT_MAX = 8.64e15;

function asTime(inner: Json): Json | undefined {
  if (typeof inner === 'string') return inner;
  const ms = isRecord(inner) ? asNumber(inner['$numberLong'] ?? null) : inner;
  if (typeof ms !== 'number') return undefined;
  return Math.abs(ms) <= INSTANT_MAX ? new Date(ms).toISOString() : String(ms);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
