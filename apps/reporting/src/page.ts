/**
 * Pages of lists: sizes and tokens.
 *
 * A token holds the key of the last row and a digest of the request's filters, so that it works only for the list
 * that it came from. It is opaque to callers and may change its form; it grants nothing, so it is not signed.
 */
import { createHash } from 'node:crypto';
import { FloeError } from '@floe/errors';
import { argumentInvalid } from './arguments.ts';

export type PageSizes = { readonly standard: number; readonly max: number };

/** 0 is the standard size, more than the maximum is the maximum (AIP-158). Throws ARGUMENT_INVALID below 0. */
export function toPageSize(asked: number, sizes: PageSizes): number {
  if (asked < 0) {
    const hint = `Leave it out for ${sizes.standard}, or give 1 to ${sizes.max}.`;
    throw argumentInvalid('page_size', `is ${asked}; it cannot be negative`, hint);
  }
  return asked === 0 ? sizes.standard : Math.min(asked, sizes.max);
}

// Enough to tell lists apart; a clash only lets a caller page through a list of his own making.
const DIGEST_CHARACTERS = 16;

export function encodePageToken(filters: unknown, lastKey: string): string {
  const text = JSON.stringify([digestOf(filters), lastKey]);
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** The key after which the page begins; undefined for the first page. Throws PAGE_TOKEN_INVALID. */
export function decodePageToken(
  filters: unknown,
  token: string,
  isKey: (key: string) => boolean,
): string | undefined {
  if (token === '') return undefined;
  const [digest, lastKey] = readPair(token);
  if (digest === digestOf(filters) && lastKey !== undefined && isKey(lastKey)) return lastKey;
  throw new FloeError('PAGE_TOKEN_INVALID', 'page_token does not belong to this list', {
    details: { field: 'page_token' },
    violations: [{ field: 'page_token', message: 'does not belong to this list' }],
    hint: 'Pass next_page_token as it came, with the same filters, or leave it out to begin again.',
  });
}

function digestOf(filters: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(filters)).digest('base64url');
  return hash.slice(0, DIGEST_CHARACTERS);
}

function readPair(token: string): [digest?: string, lastKey?: string] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    const isPair = Array.isArray(value) && value.every((part) => typeof part === 'string');
    return isPair ? (value as [string?, string?]) : [];
  } catch {
    // A token that is no JSON was not made here; the caller is told so.
    return [];
  }
}
