import { FloeError } from '@floe/errors';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../limits.ts';

/** The size to use for what a caller asked: 0 is the default, too much is the most there is. */
export function pageSize(wanted: number): number {
  if (wanted < 0)
    throw new FloeError('ARGUMENT_INVALID', `page_size is ${wanted}; it must not be negative`);
  return Math.min(wanted === 0 ? PAGE_SIZE_DEFAULT : wanted, PAGE_SIZE_MAX);
}

/** A page token holds the last key of the page before, and which list it belongs to. */
export function pageToken(list: string, key: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url');
}

/** The key in a page token; undefined for the first page. Throws PAGE_TOKEN_INVALID. */
export function keyOfToken(list: string, token: string): string | undefined {
  if (token === '') return undefined;
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (error) {
    throw wrongToken(list, error);
  }
  const [ofList, key] = Array.isArray(content) ? (content as unknown[]) : [];
  if (ofList !== list || typeof key !== 'string' || key.includes('\u0000')) throw wrongToken(list);
  return key;
}

export function wrongToken(list: string, cause?: unknown): FloeError {
  return new FloeError(
    'PAGE_TOKEN_INVALID',
    `page_token is not one that the list of ${list} returned`,
    {
      cause,
      hint: 'Leave it out to begin with the first page.',
    },
  );
}

/** Cuts off the row that was read only to know whether more follow. */
export function cutPage<Row>(
  rows: readonly Row[],
  size: number,
  tokenOf: (last: Row) => string,
): { rows: readonly Row[]; nextPageToken: string } {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    rows: page,
    nextPageToken: rows.length > size && last !== undefined ? tokenOf(last) : '',
  };
}
