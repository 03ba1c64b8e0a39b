import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const known = ['origin', 'destination', 'delay', 'date'];

test('finds a name with swapped letters', () => {
  expect(nearestName('orgiin', known)).toBe('origin');
});

test('ignores case', () => {
  expect(nearestName('DELAY', known)).toBe('delay');
});

test('stays silent when nothing is near', () => {
  expect(nearestName('passengers', known)).toBeUndefined();
});
