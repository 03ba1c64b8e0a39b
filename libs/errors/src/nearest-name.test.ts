import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const known = ['origin', 'destination', 'delay', 'date'];

test('finds a name with swapped letters', () => {
  expect(nearestName('orgiin', known)).toBe('origin');
});

test('ignores case', () => {
  expect(nearestName('DELAY', known)).toBe('delay');
});

test.each(['', 'a', 'ab', 'ba', 'abc', 'acb', 'bca', 'xabcd', 'abdc', 'dcba', 'aabbcc'])(
  'what is near to %j is what is near without a bound',
  (wrong) => {
    const names = ['abc', 'abcd', 'dabc', 'bacd', 'cabd', 'aabbc', 'b'];
    const cap = Math.max(1, Math.floor(wrong.length / 3));
    const near = names
      .map((name) => ({ name, distance: distanceOf(wrong, name) }))
      .filter(({ distance }) => distance <= cap)
      .toSorted((a, b) => a.distance - b.distance);
    expect(nearestName(wrong, names)).toBe(near[0]?.name);
  },
);

/** As it is defined. */
function distanceOf(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const distances = [
    distanceOf(a.slice(1), b) + 1,
    distanceOf(a, b.slice(1)) + 1,
    distanceOf(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    distances.push(distanceOf(a.slice(2), b.slice(2)) + 1);
  return Math.min(...distances);
}

test('does not compare what is too long for a name', () => {
  const long = 'x'.repeat(100_000);
  expect(nearestName(long, [long])).toBeUndefined();
});

test('stays silent when nothing is near', () => {
  expect(nearestName('passengers', known)).toBeUndefined();
});
