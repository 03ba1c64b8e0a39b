import type { EnumType, Field } from '../routes/route.ts';

/** The value as the JSON of the message has it, or what is wrong with it. */
export type FieldReading = { readonly value: unknown } | { readonly problem: string };

const INT32_MAX = 2 ** 31 - 1;
// The years of google.protobuf.Timestamp: what is before or after is refused by PostgreSQL, too.
const INSTANT = /^(?!0000)\d{4}-/;
const INTEGER = /^-?\d{1,19}$/;
// Deep enough for any parameter that a person writes; the writer of messages walks values by recursion.
const OBJECT_DEPTH_MAX = 32;

/** Reads a field of any type. Queries, headers and paths have text only; bodies have JSON. */
export function readField(field: Field, raw: unknown): FieldReading {
  const { type } = field;
  if (typeof type === 'object') return readEnum(type, raw);
  switch (type) {
    case 'string':
      return typeof raw === 'string' ? { value: raw } : { problem: 'is no text' };
    case 'int32':
      return readInt32(raw);
    case 'int64':
      return readInt64(raw);
    case 'boolean':
      return readBoolean(raw);
    case 'timestamp':
      return readTimestamp(raw);
    case 'object':
      return readObject(raw);
    case 'etag':
      return readEtag(raw);
    case 'string-list':
      return readStrings(raw);
    case 'list':
      return readRecords(raw);
  }
}

function readInt32(raw: unknown): FieldReading {
  const isNumber = typeof raw === 'number' || (typeof raw === 'string' && INTEGER.test(raw));
  const value = isNumber ? Number(raw) : Number.NaN;
  if (Number.isInteger(value) && Math.abs(value) <= INT32_MAX) return { value };
  return { problem: 'is no whole number of 32 bits' };
}

function readInt64(raw: unknown): FieldReading {
  const text = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw;
  const isInteger = typeof text === 'string' && INTEGER.test(text);
  if (isInteger && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return { value: text };
  return { problem: 'is no whole number of 64 bits' };
}

function readBoolean(raw: unknown): FieldReading {
  if (raw === true || raw === 'true') return { value: true };
  if (raw === false || raw === 'false') return { value: false };
  return { problem: 'is neither true nor false' };
}

function readTimestamp(raw: unknown): FieldReading {
  const ms = typeof raw === 'string' ? Date.parse(raw) : Number.NaN;
  const value = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  return INSTANT.test(value) ? { value } : { problem: 'is no instant like 2026-01-31T06:00:00Z' };
}

// What `GET` of a workflow answers, or only its version.
const ETAG = /^(?:W\/)?"(\d{1,9})(?:\.[\w-]+)?"$/;

/** The version in the ETag of a workflow. */
function readEtag(raw: unknown): FieldReading {
  const version = typeof raw === 'string' ? ETAG.exec(raw)?.[1] : undefined;
  if (version !== undefined && Number(version) > 0) return { value: Number(version) };
  return { problem: 'is no ETag of a workflow, like "3"' };
}

function readStrings(raw: unknown): FieldReading {
  const isList = Array.isArray(raw) && raw.every((part) => typeof part === 'string');
  return isList ? { value: raw } : { problem: 'is no list of texts' };
}

function readObject(raw: unknown): FieldReading {
  return isObject(raw) ? readDeep(raw) : { problem: 'is no object' };
}

/** Messages, and the lists within them, have no place for nothing. */
function readRecords(raw: unknown): FieldReading {
  if (!Array.isArray(raw)) return { problem: 'is no list' };
  if (!raw.every(isObject)) return { problem: 'holds what is no object' };
  const lists = raw.flatMap((record) => Object.values(record)).filter(Array.isArray);
  if (lists.some((list) => list.includes(null))) return { problem: 'holds a list with null in it' };
  return readDeep(raw);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readDeep(raw: object): FieldReading {
  return isDeeperThan(raw, OBJECT_DEPTH_MAX)
    ? { problem: `is nested more than ${OBJECT_DEPTH_MAX} deep` }
    : { value: raw };
}

/** Walks level by level: the depth of hostile input must not become the depth of the stack. */
function isDeeperThan(root: unknown, depthMax: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; depth <= depthMax; depth += 1) {
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

function readEnum(type: EnumType, raw: unknown): FieldReading {
  const texts = textsOf(raw, type.kind === 'enum-list');
  const names = texts?.map((text) => findName(type, text));
  const isKnown = names !== undefined && names.every((name) => name !== undefined);
  if (isKnown) return { value: type.kind === 'enum' ? names[0] : names };
  const known = type.values.map((name) => name.slice(type.prefix.length).toLowerCase());
  return { problem: `is none of ${known.join(', ')}` };
}

function textsOf(raw: unknown, isList: boolean): string[] | undefined {
  if (!isList) return typeof raw === 'string' ? [raw] : undefined;
  const parts = Array.isArray(raw) ? raw : [raw];
  if (!parts.every((part) => typeof part === 'string')) return undefined;
  return parts.flatMap((part) => part.split(',')).filter((part) => part !== '');
}

function findName(type: EnumType, text: string): string | undefined {
  const upper = text.toUpperCase();
  return type.values.find((name) => name === upper || name === type.prefix + upper);
}
