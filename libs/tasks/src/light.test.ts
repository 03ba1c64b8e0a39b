import { expect, test } from 'vitest';
import { LIGHT_RUNNERS } from './light.ts';
import { TASK_TYPES } from './registry.ts';

test('every type of the light lane that executors run has a light runner, and no other has', () => {
  const light = [...TASK_TYPES.values()].filter(
    ({ lane, performer = 'executor' }) => lane === 'light' && performer === 'executor',
  );
  expect(Object.keys(LIGHT_RUNNERS).toSorted()).toEqual(light.map(({ type }) => type).toSorted());
});
