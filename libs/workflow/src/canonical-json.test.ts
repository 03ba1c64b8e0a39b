import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('does not depend on the order in which keys were written', () => {
  expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: null })).toBe('{"a":null,"b":[{"x":2,"y":1}]}');
  expect(canonicalJson({ a: null, b: [{ x: 2, y: 1 }] })).toBe(
    canonicalJson({ b: [{ y: 1, x: 2 }], a: null }),
  );
});
