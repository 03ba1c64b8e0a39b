import fc from 'fast-check';
import { expect, test } from 'vitest';
import { viewOf } from '../view-of.ts';
import { MAX_NUMERIC_BYTES, NumericDecoder, NumericEncoder } from './numeric.ts';

function toWords(value: bigint): Int32Array {
  return Int32Array.from([0n, 32n, 64n, 96n], (shift) => Number(BigInt.asIntN(32, value >> shift)));
}

function fromWords(words: Int32Array): bigint {
  return words.reduceRight(
    (sum, word, index) => (index === 3 ? BigInt(word) : (sum << 32n) | BigInt(word >>> 0)),
    0n,
  );
}

type Decoded = { readonly refusal: string | undefined; readonly value: bigint };

function decode(wire: Buffer, scale: number): Decoded {
  const words = new Int32Array(4);
  const refusal = new NumericDecoder(scale).decode(viewOf(wire), 0, words, 0);
  return { refusal, value: fromWords(words) };
}

const LIMIT = 10n ** 38n - 1n;
const value = fc.oneof(
  fc.bigInt({ min: -LIMIT, max: LIMIT }),
  fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
  // Powers of ten have zero groups in the middle and at the end.
  fc.nat({ max: 37 }).map((power) => 10n ** BigInt(power)),
);

test('every 38-digit decimal of every scale survives the wire form', () => {
  fc.assert(
    fc.property(value, fc.nat({ max: 38 }), (unscaled, scale) => {
      const wire = Buffer.alloc(MAX_NUMERIC_BYTES);
      new NumericEncoder(scale).encode(toWords(unscaled), viewOf(wire), 0);
      expect(decode(wire, scale)).toEqual({ refusal: undefined, value: unscaled });
    }),
    { numRuns: 2000 },
  );
});

test('digits beyond the declared scale are refused, not cut', () => {
  const wire = Buffer.alloc(MAX_NUMERIC_BYTES);
  new NumericEncoder(5).encode(toWords(123_451n), viewOf(wire), 0);
  expect(decode(wire, 4).refusal).toContain('more than the 4 digits');
  expect(decode(wire, 0).refusal).toContain('more than the 0 digits');
});

test('more digits than 128 bits hold are refused', () => {
  const wire = Buffer.alloc(8 + 2 * 11, 0);
  wire.writeInt16BE(11, 0);
  wire.writeInt16BE(10, 2);
  for (let group = 0; group < 11; group += 1) wire.writeInt16BE(9999, 8 + 2 * group);
  expect(decode(wire, 0).refusal).toContain('more digits');
  wire.writeInt16BE(30_000, 2);
  expect(decode(wire, 0).refusal).toContain('more digits');
});
