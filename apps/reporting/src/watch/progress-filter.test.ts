import { expect, test } from 'vitest';
import { ProgressFilter } from './progress-filter.ts';

test('tells a task again only when it went on', () => {
  const filter = new ProgressFilter();
  expect(filter.changes([{ task_id: 'a', rows: 0, bytes: 0 }])).toEqual([]);
  const first = filter.changes([{ task_id: 'a', rows: 5, bytes: 50 }]);
  expect(first).toEqual([{ taskId: 'a', rows: 5n, bytes: 50n }]);
  expect(filter.changes([{ task_id: 'a', rows: 5, bytes: 50 }])).toEqual([]);
});

test('a task that runs again is told anew', () => {
  const filter = new ProgressFilter();
  filter.changes([{ task_id: 'a', rows: 5, bytes: 50 }]);
  filter.changes([]);
  expect(filter.changes([{ task_id: 'a', rows: 5, bytes: 50 }])).toHaveLength(1);
});
