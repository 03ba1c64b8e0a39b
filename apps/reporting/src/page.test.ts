import { expect, test } from 'vitest';
import { decodePageToken, encodePageToken, toPageSize } from './page.ts';

const sizes = { standard: 50, max: 500 };
const isKey = (key: string) => /^[a-z]+$/.test(key);

test('a size of 0 is the standard one and a large one is cut', () => {
  expect([0, 7, 501].map((asked) => toPageSize(asked, sizes))).toEqual([50, 7, 500]);
});

test('a negative size is refused', () => {
  expect(() => toPageSize(-1, sizes)).toThrow(
    expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
  );
});

test('a token leads back to its key', () => {
  const token = encodePageToken({ workflowName: 'etl' }, 'abc');
  expect(decodePageToken({ workflowName: 'etl' }, token, isKey)).toBe('abc');
});

test('no token is the first page', () => {
  expect(decodePageToken({}, '', isKey)).toBeUndefined();
});

test.each([
  ['of other filters', encodePageToken({ workflowName: 'other' }, 'abc')],
  ['with a key of another kind', encodePageToken({ workflowName: 'etl' }, '123')],
  ['that is no JSON', 'AAAA'],
  ['that is no pair', Buffer.from('[1]').toString('base64url')],
])('a token %s is refused', (_, token) => {
  expect(() => decodePageToken({ workflowName: 'etl' }, token, isKey)).toThrow(
    expect.objectContaining({ code: 'PAGE_TOKEN_INVALID' }),
  );
});
