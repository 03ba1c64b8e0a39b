import { expect, test } from 'vitest';
import { itemStates } from './item-states.ts';

const chunk = { failures: 0, losses: 0 };

test('itemStates tells what runs and what waits among what is done', () => {
  const states = itemStates({
    done: 'sf........',
    live: [{ ...chunk, items: '2-3,5', epoch: 1, deadlineAt: 0 as never }],
    waiting: [{ ...chunk, items: '4' }],
  });
  expect(states).toBe('sfrrwr....');
});
