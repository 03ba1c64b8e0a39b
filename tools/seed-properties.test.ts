import fc from 'fast-check';
import { expect, test } from 'vitest';

function drawn(): number[] {
  const values: number[] = [];
  fc.assert(
    fc.property(fc.integer(), (value) => void values.push(value)),
    { numRuns: 20 },
  );
  return values;
}

test('properties draw what the seed of the change says', () => {
  const seed = Number(process.env['PROPERTY_SEED']);
  expect(fc.readConfigureGlobal()).toMatchObject({ seed });
  expect(drawn()).toEqual(drawn());
  expect(drawn()).toEqual(fc.sample(fc.integer(), { seed, numRuns: 20 }));
});
