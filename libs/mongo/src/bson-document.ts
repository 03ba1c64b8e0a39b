import { deserialize } from 'bson';
import { saidOf } from '@floe/errors';
import { checkStorable, isRecord, type Json } from '@floe/legacy';
import { EXCERPT_LENGTH_MAX } from './limits.ts';
import type { Place, SourceRecord } from './record.ts';

/** One BSON document as a record; what is broken in it is told. */
export function toRecord(bytes: Uint8Array, place: Place): SourceRecord {
  try {
    return plainRecord(deserialize(bytes, { promoteLongs: true, promoteBuffers: false }), place);
  } catch (error) {
    return unreadable(place, error, printable(bytes));
  }
}

/** A document of the driver as a record. */
export function plainRecord(value: unknown, place: Place): SourceRecord {
  try {
    // Depth first: what follows walks by recursion.
    checkStorable(value);
  } catch (error) {
    return unreadable(place, error, excerptOf(value));
  }
  const document = plain(value);
  if (isRecord(document)) return { kind: 'document', ...place, document };
  return unreadable(place, new Error('it is no document'), '');
}

export function unreadable(place: Place, error: unknown, excerpt: string): SourceRecord {
  const reason = saidOf(error);
  return { kind: 'unreadable', ...place, reason, excerpt: excerpt.slice(0, EXCERPT_LENGTH_MAX) };
}

/** The ids alone: a document that is too large or too deep is not written out. */
function excerptOf(value: unknown): string {
  if (!isRecord(value)) return '';
  const ids = Object.entries(value).filter(
    ([name, each]) =>
      /(?:^|_)id$|name$/i.test(name) && typeof each === 'string' && each.length < 200,
  );
  return JSON.stringify(Object.fromEntries(ids));
}

function printable(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, EXCERPT_LENGTH_MAX)).toString('latin1');
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ');
}

type Special = { readonly _bsontype?: unknown; toString(): string };

/** Types of BSON as plain JSON: ids and decimals as text, times as ISO 8601, integers beyond 2^53 as text. */
function plain(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return String(value);
    default:
      return typeof value === 'object' && value !== null ? plainObject(value) : null;
  }
}

function plainObject(value: object): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const special = (value as Special)._bsontype;
  if (typeof special === 'string') return plainSpecial(special, value as Special);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

function plainSpecial(type: string, value: Special): Json {
  if (type === 'Binary')
    return (value as unknown as { toString(encoding: string): string }).toString('base64');
  if (type === 'MinKey' || type === 'MaxKey') return `$${type}`;
  if (type === 'Code') return String((value as unknown as { code: unknown }).code);
  if (type === 'BSONRegExp') {
    const { pattern, options } = value as unknown as { pattern: string; options: string };
    return `/${pattern}/${options}`;
  }
  if (type === 'DBRef') return plain({ ...(value as unknown as { toJSON(): object }).toJSON() });
  return value.toString();
}
