import { expect, test } from 'vitest';
import { isPassing, retryAfterMs } from '../src/retry-after.ts';

const NOW = 'Wed, 21 Oct 2015 07:28:00 GMT';

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
  ['Wed, 21 Oct 2015 07:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['99999999999', undefined],
  ['', undefined],
])('Retry-After: %j is %s', (text, waitMs) => {
  expect(retryAfterMs({ 'retry-after': text, date: NOW })).toBe(waitMs);
});

test('a date says nothing without the time of the server', () => {
  expect(retryAfterMs({ 'retry-after': NOW })).toBeUndefined();
  expect(retryAfterMs({ date: NOW })).toBeUndefined();
});

test('what passes is tried again, what the request is to blame for is not', () => {
  expect([408, 425, 429, 500, 502, 503, 599].every(isPassing)).toBe(true);
  expect([200, 301, 400, 401, 403, 404, 409, 410, 422].some(isPassing)).toBe(false);
});
