import { FloeError } from '@floe/errors';

const PAGE_SIZE_DEFAULT = 50;
const PAGE_SIZE_MAX = 500;

/** The size to use for what a caller asked: 0 is the default, too much is the most there is. */
export function pageSize(wanted: number): number {
  if (wanted < 0) {
    throw new FloeError('ARGUMENT_INVALID', `page_size is ${wanted}; it must not be negative`);
  }
  return Math.min(wanted === 0 ? PAGE_SIZE_DEFAULT : wanted, PAGE_SIZE_MAX);
}

/** A page token holds the last key of the page before, and which list it belongs to. */
export function pageToken(list: string, key: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url');
}

/** The key in a page token; empty for the first page. Throws PAGE_TOKEN_INVALID where it holds none. */
export function keyOfToken(list: string, token: string, isKey: (key: string) => boolean): string {
  if (token === '') return '';
  const content = parse(Buffer.from(token, 'base64url').toString('utf8'));
  const [ofList, key] = Array.isArray(content) ? (content as unknown[]) : [];
  if (ofList === list && typeof key === 'string' && isKey(key)) return key;
  throw new FloeError(
    'PAGE_TOKEN_INVALID',
    `page_token is not one that the list of ${list} returned`,
    { hint: 'Leave it out to begin with the first page.' },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not ours, like any other content without a key.
    return undefined;
  }
}

/** Cuts off the row that was read only to know whether more follow. */
export function cutPage<Row>(
  rows: readonly Row[],
  size: number,
  tokenOf: (last: Row) => string,
): { readonly rows: readonly Row[]; readonly nextPageToken: string } {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const isLast = rows.length <= size || last === undefined;
  return { rows: page, nextPageToken: isLast ? '' : tokenOf(last) };
}
