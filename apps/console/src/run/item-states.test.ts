import { expect, test } from 'vitest';
import { countItems, itemsIn } from './item-states.ts';

test('finds the items in a state by their positions, among thousands', () => {
  const states = `${'s'.repeat(9_998)}fr`;
  expect(itemsIn(states, 'f')).toEqual([{ index: 9_998, state: 'TASK_STATE_FAILED' }]);
  expect(itemsIn(states, undefined)).toHaveLength(10_000);
  expect([...countItems(states)]).toEqual([
    ['s', 9_998],
    ['f', 1],
    ['r', 1],
  ]);
});

test('takes a letter that it does not know for an item that has not ended', () => {
  expect(itemsIn('?', undefined)).toEqual([{ index: 0, state: 'TASK_STATE_PENDING' }]);
});
