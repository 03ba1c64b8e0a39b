import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashToken, isTokenText, writeToken } from './token-text.ts';

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('every secret is a token of one form, each another', () => {
  fc.assert(
    fc.property(secrets, secrets, (one, other) => {
      expect(writeToken(one)).toMatch(/^floe_[0-9A-Za-z]{49}$/);
      expect(isTokenText(writeToken(one))).toBe(true);
      const isSame = Buffer.from(one).equals(Buffer.from(other));
      expect(writeToken(one) === writeToken(other)).toBe(isSame);
    }),
  );
});

test('one wrong character is noticed without asking', () => {
  fc.assert(
    fc.property(
      secrets,
      fc.integer({ min: 5, max: 53 }),
      fc.constantFrom('0', '9', 'A', 'Z', 'a', 'z'),
      (secret, at, wrong) => {
        const token = writeToken(secret);
        const slip = `${token.slice(0, at)}${wrong}${token.slice(at + 1)}`;
        expect(isTokenText(slip)).toBe(slip === token);
      },
    ),
  );
});

test('the largest secret has its form, and its hash 32 bytes', () => {
  const token = writeToken(new Uint8Array(32).fill(255));
  expect(isTokenText(token)).toBe(true);
  expect(hashToken(token)).toHaveLength(32);
});
