import { FloeError } from '@floe/errors';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../schedules/limits.ts';

/** The size to use for what a caller asked: 0 is the default, too much is the most there is. */
export function pageSize(asked: number): number {
  if (asked < 0) {
    throw new FloeError('ARGUMENT_INVALID', `page_size is ${asked}; it must not be negative`);
  }
  return asked === 0 ? PAGE_SIZE_DEFAULT : Math.min(asked, PAGE_SIZE_MAX);
}

/** The key in a page token, which holds the list that it belongs to; undefined for the first page. */
export function keyOfToken(
  expected: { readonly list: string; readonly isKey: (key: string) => boolean },
  token: string,
): string | undefined {
  if (token === '') return undefined;
  const [list, key] = readPair(token);
  if (list === expected.list && typeof key === 'string' && expected.isKey(key)) return key;
  throw new FloeError('PAGE_TOKEN_INVALID', 'page_token does not belong to this list', {
    hint: 'Leave it out to begin with the first page.',
  });
}

function readPair(token: string): unknown[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return Array.isArray(content) ? content : [];
  } catch {
    // A token that is no JSON was not made here; the caller is told so.
    return [];
  }
}

/** Cuts off the row that was read only to know whether more follow. */
export function cutPage<Row>(
  rows: readonly Row[],
  page: { readonly list: string; readonly size: number; readonly keyOf: (row: Row) => string },
): { readonly rows: readonly Row[]; readonly nextPageToken: string } {
  const shown = rows.slice(0, page.size);
  const last = shown.at(-1);
  if (rows.length <= page.size || last === undefined) return { rows: shown, nextPageToken: '' };
  const token = Buffer.from(JSON.stringify([page.list, page.keyOf(last)])).toString('base64url');
  return { rows: shown, nextPageToken: token };
}
