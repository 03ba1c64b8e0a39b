/** What callers send, within bounds: JSON objects of texts, numbers, flags, and lists that are not looked into. */
import { refuse } from './refusal.ts';

export type Fields = Readonly<Record<string, unknown>>;

export type LegacyUser = {
  readonly userId: string;
  readonly fullName: string;
  readonly infoId: string;
  readonly photoUrl: string;
  /** As it came; `offsetMinutes` reads it. */
  readonly utcOffset: unknown;
};

// Ids and names of the replaced service are shorter; what is longer is no id.
const TEXT_LENGTH_MAX = 512;

export function fieldsOf(value: unknown, name: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw refuse(`${name} must be an object`);
}

/** A text; empty when it is absent. Ids that are numbers are taken as their digits. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined || value === null) return '';
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') throw refuse(`${name} must be a text`);
  if (text.length > TEXT_LENGTH_MAX) {
    throw refuse(`${name} must have at most ${TEXT_LENGTH_MAX} characters`);
  }
  if (text.includes('\0')) throw refuse(`${name} must not hold a zero character`);
  return text.trim();
}

export function integerOf(
  fields: Fields,
  name: string,
  { standard, max }: { readonly standard: number; readonly max: number },
): number {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return standard;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= max) {
    return number;
  }
  throw refuse(`${name} must be a whole number from 0 to ${max}`);
}

export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw refuse(`${name} must be true or false`);
}

export function userOf(body: Fields): LegacyUser {
  const user = fieldsOf(body['user'], 'user');
  return {
    userId: textOf(user, 'UserId'),
    fullName: textOf(user, 'fullName'),
    infoId: textOf(user, 'infoId'),
    photoUrl: textOf(user, 'photoURL'),
    utcOffset: user['user_utc_offset'],
  };
}
