import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeToken, encodeToken } from './token-encoding.ts';

test('every name comes back from its token', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(decodeToken(encodeToken(name))).toBe(name);
    }),
  );
});

test('a token has no dot, space or wildcard and is never empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(encodeToken(name)).toMatch(/^[A-Za-z0-9_-]+$/);
    }),
  );
});

test('a text decodes to a name only if it is the token of that name', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[_0-9A-Fa-]{0,12}$/), (text) => {
      const name = decodeToken(text);
      if (name !== undefined) expect(encodeToken(name)).toBe(text);
    }),
  );
});

test.each([
  ['late-flights', 'late-flights'],
  ['late_flights', 'late__flights'],
  ['a.b c', 'a_2Eb_20c'],
  ['Ærø', '_C3_86r_C3_B8'],
  ['', '_'],
])('%j is encoded as %s', (name, token) => {
  expect(encodeToken(name)).toBe(token);
});

test.each(['', 'a.b', '_4', '_zz', '_41', '_C3', '*'])('%j is the token of no name', (token) => {
  expect(decodeToken(token)).toBeUndefined();
});

test('a lone surrogate is refused', () => {
  expect(() => encodeToken('\ud800')).toThrow(
    expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
  );
});
